import { Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { answer, api, body, type Shape } from "@/api/client";
import { signIn } from "@/api/session";
import { FormFaults } from "@/components/form";
import { useForm } from "@/lib/use-form";
import classes from "./register.module.css";

const NOBODY = { Username: "", DisplayName: "", EmailAddress: "", Password: "" };

/** Where the link of an invitation leads: somebody becomes a user, and is signed in. */
export function RegisterScreen() {
  const { code } = useSearch({ from: "/app/register" });
  const registering = useMutation({
    mutationFn: async (given: typeof NOBODY) => {
      const registration = body<Shape<"Registration">>({ ...given, InvitationCode: code ?? "" });
      await answer(api.POST("/api/users/register", { body: registration }));
      return signIn({ username: given.Username, password: given.Password, isRemembered: false });
    },
    onSuccess: () => window.location.assign("/app"),
  });
  const form = useForm(NOBODY, registering.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    registering.mutate(form.value);
  };
  return (
    <main className={classes.page}>
      <form className={classes.box} onSubmit={submit}>
        <Stack>
          <div>
            <Title order={1}>You are invited</Title>
            <Text size="sm" c="dimmed">
              Choose how you sign in to Polpo. The link is good for one person.
            </Text>
          </div>
          <FormFaults form={form} />
          {!code && <NoCode />}
          <TextInput
            label="User name"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            {...form.field("Username")}
          />
          <TextInput label="Name to show" autoComplete="name" {...form.field("DisplayName")} />
          <TextInput label="Email" type="email" autoComplete="email" {...form.field("EmailAddress")} />
          <PasswordInput
            label="Password"
            autoComplete="new-password"
            required
            withAsterisk={false}
            {...form.field("Password")}
          />
          <Button type="submit" loading={registering.isPending} disabled={!code}>
            Register and sign in
          </Button>
          <Anchor href="/app/sign-in" size="sm" ta="center">
            I have an account
          </Anchor>
        </Stack>
      </form>
    </main>
  );
}

function NoCode() {
  return (
    <Text size="sm" c="red" role="alert">
      The address lacks the code of the invitation. Open the whole link that you were sent.
    </Text>
  );
}
