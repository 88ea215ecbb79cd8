import { Textarea, TextInput } from "@mantine/core";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { type Package, useDescribe } from "./api";

/** What people read about a version; the file stays as it was pushed. */
export function DescribeVersion({ space, of, onClose }: { space: string; of: Package; onClose: () => void }) {
  const describing = useDescribe(space, of.Id);
  const form = useForm({ Title: of.Title, Summary: of.Summary, Description: of.Description }, describing.error);
  return (
    <FormModal
      title={`Describe ${of.PackageId} ${of.Version}`}
      action="Save"
      form={form}
      pending={describing.isPending}
      onSubmit={() => describing.mutate(form.value, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput label="Title" data-autofocus {...form.field("Title")} />
      <TextInput label="Summary" description="One line." {...form.field("Summary")} />
      <Textarea
        label="Description"
        description="Markdown."
        autosize
        minRows={4}
        maxRows={14}
        {...form.field("Description")}
      />
    </FormModal>
  );
}
