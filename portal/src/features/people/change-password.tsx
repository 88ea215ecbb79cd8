import { Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import { notifyDone } from "@/lib/notify";
import { type User, useChangePassword } from "./api";

/** Sets the own password. The server says what is wrong with a bad one. */
export function ChangePassword({ me, onClose }: { me: User; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const changing = useChangePassword(me);
  const differs = again !== "" && again !== password;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (password !== again) return;
    changing.mutate(password, {
      onSuccess: () => {
        notifyDone("Your password is changed. Everywhere else you are signed out.");
        onClose();
      },
    });
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Change your password</Text>}>
      <form onSubmit={submit}>
        <Stack>
          {changing.isError && <ErrorNotice error={changing.error} />}
          <PasswordInput
            label="New password"
            description="Several words that do not belong together are easy to remember and hard to guess."
            autoComplete="new-password"
            data-autofocus
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <PasswordInput
            label="Once more"
            autoComplete="new-password"
            required
            withAsterisk={false}
            error={differs ? "This is another password." : undefined}
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" loading={changing.isPending} disabled={differs}>
              Change
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
