import { Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { type Home, type Runbook, useAddRunbook } from "./api";
import { keepBranch } from "./use-home";

interface Props {
  home: Home;
  /** The project's slug, for the address. */
  project: string;
  /** The new one begins as a copy of this one, with its steps and settings. */
  clone?: Runbook;
  onClose: () => void;
}

export function AddRunbook({ home, project, clone, onClose }: Props) {
  const adding = useAddRunbook(home);
  const navigate = useNavigate();
  const form = useForm(
    { Name: clone ? `${clone.Name} (copy)` : "", Description: clone?.Description ?? "" },
    adding.error,
  );
  const open = (made: Runbook) => {
    onClose();
    void navigate({
      to: "/app/$space/projects/$project/runbooks/$runbook/process",
      params: { space: home.space, project, runbook: made.Slug || made.Id },
      search: keepBranch,
    });
  };
  return (
    <FormModal
      title={clone ? `Clone ${clone.Name}` : "Add a runbook"}
      action={clone ? "Clone" : "Add"}
      form={form}
      pending={adding.isPending}
      onSubmit={() => adding.mutate({ ...form.value, clone: clone?.Id }, { onSuccess: open })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Restart the web servers"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
    </FormModal>
  );
}
