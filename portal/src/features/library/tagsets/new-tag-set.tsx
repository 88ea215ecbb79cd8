import { TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { TagSet } from "@/api/tag-sets";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { useSaveTagSet } from "./api";
import { KindFields } from "./kind-fields";
import { barredBecause } from "./model";

const NEW = { Name: "", Description: "", Type: "MultiSelect", Scopes: ["Tenant"], Tags: [] } as unknown as TagSet;

/** A new tag set; its tags are added on its own screen, which is shown next. */
export function NewTagSet({ space, onClose }: { space: string; onClose: () => void }) {
  const saving = useSaveTagSet(space);
  const navigate = useNavigate();
  const form = useForm(NEW, saving.error);
  const open = ({ Id }: TagSet) =>
    void navigate({ to: "/app/$space/library/tag-sets/$tagSet", params: { space, tagSet: Id } });
  return (
    <FormModal
      title="Add a tag set"
      action="Add"
      form={form}
      pending={saving.isPending}
      barred={barredBecause(form.value)}
      onSubmit={() => saving.mutate(form.value, { onSuccess: open })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Region"
        required
        withAsterisk={false}
        data-autofocus
        {...form.field("Name")}
      />
      <TextInput label="Description" {...form.field("Description")} />
      <KindFields form={form} />
    </FormModal>
  );
}
