import { PasswordInput, Text } from "@mantine/core";
import { FormModal } from "@/components/form";
import { notifyDone } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import { Names } from "./user-form";
import { type User, useChangeUser } from "./users-api";

interface Props {
  user: User;
  onClose: () => void;
}

export function ChangeUser({ user, onClose }: Props) {
  const changing = useChangeUser(user);
  const { Username, DisplayName, EmailAddress } = user;
  const form = useForm({ Username, DisplayName, EmailAddress }, changing.error);
  return (
    <FormModal
      title={`Edit ${user.DisplayName}`}
      action="Save"
      form={form}
      pending={changing.isPending}
      onSubmit={() => changing.mutate(form.value, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Names form={form} />
    </FormModal>
  );
}

export function ResetPassword({ user, onClose }: Props) {
  const changing = useChangeUser(user);
  const form = useForm({ Password: "" }, changing.error);
  const done = () => {
    notifyDone(`${user.DisplayName} signs in with the new password from now on.`);
    onClose();
  };
  return (
    <FormModal
      title={`Set a new password for ${user.DisplayName}`}
      action="Set the password"
      form={form}
      pending={changing.isPending}
      onSubmit={() => changing.mutate(form.value, { onSuccess: done })}
      onClose={onClose}
    >
      <Text size="sm">
        All sessions of {user.DisplayName} end, and a lock-out with them. API keys stay. Tell the password on a safe
        way.
      </Text>
      <PasswordInput
        label="New password"
        autoComplete="new-password"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Password")}
      />
    </FormModal>
  );
}
