import { Textarea, TextInput } from "@mantine/core";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import type { Home, Runbook } from "./api";
import { type Snapshot, useSnapshotDeeds } from "./snapshots-api";

interface Props {
  home: Home;
  runbook: Runbook;
  snapshot: Snapshot;
  onClose: () => void;
}

export function EditSnapshot({ home, runbook, snapshot, onClose }: Props) {
  const { edit } = useSnapshotDeeds(home, runbook);
  const form = useForm({ Name: snapshot.Name, Notes: snapshot.Notes ?? "" }, edit.error);
  return (
    <FormModal
      title="Name and notes"
      action="Save"
      form={form}
      pending={edit.isPending}
      need={{ permission: "RunbookEdit", space: home.space, project: runbook.ProjectId }}
      onSubmit={() => edit.mutate({ ...snapshot, ...form.value }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...form.field("Name")} />
      <Textarea label="Notes" autosize minRows={2} {...form.field("Notes")} />
    </FormModal>
  );
}
