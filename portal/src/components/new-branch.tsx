import { TextInput } from "@mantine/core";
import { useCreateBranch } from "@/api/branches";
import type { Project } from "@/api/reference";
import { useForm } from "@/lib/use-form";
import { FormModal } from "./form";

interface Props {
  space: string;
  project: Project;
  /** The branch that the new one begins at. */
  from: string;
  onMade: (branch: string) => void;
  onClose: () => void;
}

/** Makes a branch in the project's repository. */
export function NewBranch({ space, project, from, onMade, onClose }: Props) {
  const making = useCreateBranch(space, project.Id);
  const form = useForm({ NewBranchName: "" }, making.error);
  const make = async () => {
    const made = await making.mutateAsync({ name: form.value.NewBranchName.trim(), from });
    onClose();
    onMade(made.Name);
  };
  return (
    <FormModal
      title="Create a branch"
      action="Create"
      form={form}
      pending={making.isPending}
      need={{ permission: "ProjectEdit", space, project: project.Id }}
      onSubmit={() => void make().catch(() => undefined)}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description={`It begins with what ${from} has now, and is pushed to the repository at once.`}
        placeholder="feature/faster-start"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("NewBranchName")}
      />
    </FormModal>
  );
}
