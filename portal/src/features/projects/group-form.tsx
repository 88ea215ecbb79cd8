import { Textarea, TextInput } from "@mantine/core";
import type { Shape } from "@/api/client";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { useSaveGroup } from "./api";

export type ProjectGroup = Shape<"ProjectGroup">;

interface Props {
  space: string;
  /** The one to change; without it, a new one is made. */
  group?: ProjectGroup;
  onSaved?: (group: ProjectGroup) => void;
  onClose: () => void;
}

/** A project group: made, or renamed. */
export function GroupForm({ space, group, onSaved, onClose }: Props) {
  const saving = useSaveGroup(space);
  const form = useForm({ Name: group?.Name ?? "", Description: group?.Description ?? "" }, saving.error);
  const permission = group ? "ProjectGroupEdit" : "ProjectGroupCreate";
  return (
    <FormModal
      title={group ? `Edit the group ${group.Name}` : "Add a project group"}
      action={group ? "Save" : "Add the group"}
      form={form}
      pending={saving.isPending}
      need={{ permission, space, projectGroup: group?.Id }}
      onSubmit={() =>
        saving.mutate(
          { ...group, ...form.value },
          {
            onSuccess: (saved) => {
              onSaved?.(saved);
              onClose();
            },
          },
        )
      }
      onClose={onClose}
    >
      <TextInput
        label="Group name"
        placeholder="Storefront"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Group description" autosize minRows={2} {...form.field("Description")} />
    </FormModal>
  );
}
