import { Box, Button, Checkbox, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { type Credentials, meQuery, signIn } from "@/api/session";
import { ErrorNotice } from "@/components/error-notice";
import { Mark } from "@/components/mark";
import classes from "./sign-in.module.css";
import { addressOf, faultIn, forgetFault, type Way, waysQuery } from "./ways";

const GUEST = "Guest";

export function SignIn() {
  const [fault] = useState(() => faultIn(document.cookie));
  const { from } = useSearch({ from: "/app/sign-in" });
  const router = useRouter();
  const client = useQueryClient();
  const ways = useQuery(waysQuery).data?.AuthenticationProviders;
  const entering = useMutation({
    mutationKey: ["sign-in"],
    mutationFn: signIn,
    onSuccess: (user) => {
      client.clear();
      client.setQueryData(meQuery.queryKey, user);
      router.history.replace(from ?? "/app");
    },
  });
  useEffect(forgetFault, []);
  const asGuest = () => entering.mutate({ username: "guest", password: "", isRemembered: false });
  const error = entering.isError ? entering.error : entering.isPending || fault === null ? null : new Error(fault);
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
          <Stack gap="md">
            {error && <ErrorNotice error={error} />}
            <Ways ways={ways ?? []} from={from} onGuest={asGuest} />
            {hasForm(ways) && <NameAndPassword isPending={entering.isPending} onEnter={entering.mutate} />}
          </Stack>
        </Paper>
        <Text size="xs" c="dimmed" ta="center">
          The open deployment server
        </Text>
      </Stack>
    </Box>
  );
}

/** Before the ways are known, and when they cannot be, there is the form: it is the one that every server begins with. */
function hasForm(ways: readonly Way[] | undefined): boolean {
  return ways?.some((way) => way.FormsLoginEnabled) ?? true;
}

interface WaysProps {
  ways: readonly Way[];
  from: string | undefined;
  onGuest: () => void;
}

/** A button for each way that needs no name and password. */
function Ways({ ways, from, onGuest }: WaysProps) {
  const guest = ways.some((way) => way.IdentityType === GUEST);
  const outside = ways.flatMap((way) => {
    const address = addressOf(way, from);
    return address ? [{ name: way.Name, address }] : [];
  });
  if (outside.length === 0 && !guest) return null;
  return (
    <>
      {outside.map(({ name, address }) => (
        <Button key={address} component="a" href={address} size="md" variant="default" fullWidth>
          Sign in with {name}
        </Button>
      ))}
      {guest && (
        <Button size="md" variant="default" fullWidth onClick={onGuest}>
          Look around as a guest
        </Button>
      )}
      {hasForm(ways) && <Divider label="or" labelPosition="center" />}
    </>
  );
}

interface FormProps {
  isPending: boolean;
  onEnter: (given: Credentials) => void;
}

function NameAndPassword({ isPending, onEnter }: FormProps) {
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [isRemembered, setRemembered] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onEnter({ username, password, isRemembered });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
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
        <Checkbox
          label="Keep me signed in"
          checked={isRemembered}
          onChange={(event) => setRemembered(event.currentTarget.checked)}
        />
        <Button type="submit" size="md" fullWidth loading={isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
