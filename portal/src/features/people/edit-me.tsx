import { TextInput } from "@mantine/core";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { type User, useChangeMe } from "./api";

/** How others see the user, and where mail reaches them. */
export function EditMe({ me, onClose }: { me: User; onClose: () => void }) {
  const changing = useChangeMe(me);
  const form = useForm({ DisplayName: me.DisplayName, EmailAddress: me.EmailAddress }, changing.error);
  return (
    <FormModal
      title="Edit your profile"
      action="Save"
      form={form}
      pending={changing.isPending}
      onSubmit={() => changing.mutate(form.value, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus required withAsterisk={false} {...form.field("DisplayName")} />
      <TextInput label="Email" type="email" {...form.field("EmailAddress")} />
    </FormModal>
  );
}
