import { PasswordInput } from "@mantine/core";
import { FormModal } from "@/components/form";
import { notifyDone } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import { type User, useChangePassword } from "./api";

/** Sets the own password. The server says what is wrong with a bad one. */
export function ChangePassword({ me, onClose }: { me: User; onClose: () => void }) {
  const changing = useChangePassword(me);
  const form = useForm({ password: "", again: "" }, changing.error);
  const { password, again } = form.value;
  const differs = again !== "" && again !== password;
  return (
    <FormModal
      title="Change your password"
      action="Change"
      form={form}
      pending={changing.isPending}
      barred={differs ? "The two passwords differ." : null}
      onSubmit={() =>
        changing.mutate(password, {
          onSuccess: () => {
            notifyDone("Your password is changed. Everywhere else you are signed out.");
            onClose();
          },
        })
      }
      onClose={onClose}
    >
      <PasswordInput
        label="New password"
        description="Several words that do not belong together are easy to remember and hard to guess."
        autoComplete="new-password"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("password")}
      />
      <PasswordInput
        label="Once more"
        autoComplete="new-password"
        required
        withAsterisk={false}
        {...form.field("again")}
        error={differs ? "This is another password." : undefined}
      />
    </FormModal>
  );
}
