import { Checkbox, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { FormModal } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { useMay } from "@/components/permitted";
import { notifyDone } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import type { Home, Runbook } from "./api";
import { PackageVersions, placeOf, type Versions } from "./package-versions";
import { type Snapshot, type SnapshotTemplate, snapshotTemplateQuery, useMakeSnapshot } from "./snapshots-api";

interface Props {
  home: Home;
  runbook: Runbook;
  onClose: () => void;
}

/** Freezes the runbook as it is now, and publishes it where that is wanted. */
export function SnapshotForm({ home, runbook, onClose }: Props) {
  const template = useQuery({ ...snapshotTemplateQuery(home.space, runbook.Id), refetchOnWindowFocus: false });
  if (!template.data) {
    return (
      <Loaded query={template} what="What a snapshot needs">
        {() => null}
      </Loaded>
    );
  }
  return <Form home={home} runbook={runbook} template={template.data} onClose={onClose} />;
}

function Form({ home, runbook, template, onClose }: Props & { template: SnapshotTemplate }) {
  const params = useParams({ from: "/shell/app/$space/projects/$project/runbooks/$runbook" });
  const making = useMakeSnapshot(home, runbook.Id);
  const navigate = useNavigate();
  const mayPublish = useMay({ permission: "RunbookEdit", space: home.space, project: runbook.ProjectId });
  const first = { Name: template.NextNameIncrement, Notes: "", publish: mayPublish, versions: {} as Versions };
  const form = useForm(first, making.error);
  const { Name, Notes, publish, versions } = form.value;
  const done = (made: Snapshot) => {
    notifyDone(publish ? `${made.Name} is published.` : `${made.Name} is made.`);
    onClose();
    const to = "/app/$space/projects/$project/runbooks/$runbook/snapshots/$snapshot";
    if (!publish) void navigate({ to, params: { ...params, snapshot: made.Id } });
  };
  const submit = () => {
    const SelectedPackages = template.Packages.filter((one) => versions[placeOf(one)]).map((one) => ({
      ActionName: one.ActionName,
      PackageReferenceName: one.PackageReferenceName,
      StepName: one.StepName,
      Version: versions[placeOf(one)] ?? "",
    }));
    making.mutate({ RunbookId: runbook.Id, Name, Notes, SelectedPackages, publish }, { onSuccess: done });
  };
  return (
    <FormModal
      title={publish ? "Publish the runbook as it is now" : "Make a snapshot"}
      action={publish ? "Publish" : "Make the snapshot"}
      form={form}
      pending={making.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        A snapshot freezes the steps, the variables and the versions of packages.
      </Text>
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...form.field("Name")} />
      {template.Packages.length > 0 && (
        <PackageVersions
          space={home.space}
          packages={template.Packages}
          versions={versions}
          onVersions={(next) => form.set({ versions: next })}
        />
      )}
      <Textarea label="Notes" description="What is new in it." autosize minRows={2} {...form.field("Notes")} />
      <Checkbox
        label="Publish it"
        description={
          mayPublish
            ? "From then on it is what triggers, and everybody who may run the runbook, use."
            : "Publishing takes the permission RunbookEdit, which you do not have here."
        }
        disabled={!mayPublish}
        {...form.check("publish")}
      />
    </FormModal>
  );
}
