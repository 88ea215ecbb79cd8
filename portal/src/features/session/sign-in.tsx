import { Box, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { meQuery, signIn } from "@/api/session";
import { ErrorNotice } from "@/components/error-notice";
import { Mark } from "@/components/mark";
import classes from "./sign-in.module.css";

export function SignIn() {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const { from } = useSearch({ from: "/app/sign-in" });
  const router = useRouter();
  const client = useQueryClient();
  const entering = useMutation({
    mutationKey: ["sign-in"],
    mutationFn: () => signIn(username, password),
    onSuccess: (user) => {
      client.clear();
      client.setQueryData(meQuery.queryKey, user);
      router.history.replace(from ?? "/app");
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    entering.mutate();
  };
  return (
    <Box component="main" className={classes.page}>
      <Stack gap="lg" className={classes.column}>
        <Stack gap="sm" align="center">
          <Mark size={52} />
          <Title order={1} ta="center">
            Sign in to Polpo
          </Title>
        </Stack>
        <Paper withBorder radius="lg" p="xl" className={classes.card}>
          <form onSubmit={submit}>
            <Stack gap="md">
              {entering.isError && <ErrorNotice error={entering.error} />}
              <TextInput
                label="User name"
                autoComplete="username"
                autoFocus
                required
                withAsterisk={false}
                value={username}
                onChange={(event) => setUsername(event.currentTarget.value)}
              />
              <PasswordInput
                label="Password"
                autoComplete="current-password"
                required
                withAsterisk={false}
                value={password}
                onChange={(event) => setPassword(event.currentTarget.value)}
              />
              <Button type="submit" size="md" fullWidth loading={entering.isPending}>
                Sign in
              </Button>
            </Stack>
          </form>
        </Paper>
        <Text size="xs" c="dimmed" ta="center">
          The open deployment server
        </Text>
      </Stack>
    </Box>
  );
}
