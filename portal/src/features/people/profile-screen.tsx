import { Button, Group, Stack, Text } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/api/session";
import { DataTable } from "@/components/data-table";
import { Facts } from "@/components/facts";
import { Panel } from "@/components/page";
import type { User } from "./api";
import { ChangePassword } from "./change-password";
import { EditMe } from "./edit-me";
import { KeysPanel } from "./keys-panel";
import { LookPanel } from "./look-panel";
import { Sessions } from "./sessions";

type Open = "profile" | "password" | null;

export function ProfileScreen() {
  const { data: me } = useSuspenseQuery(meQuery);
  const [open, setOpen] = useState<Open>(null);
  const buttons = (
    <Group gap="xs">
      <Button variant="default" onClick={() => setOpen("profile")}>
        Edit
      </Button>
      {me.CanPasswordBeEdited && (
        <Button variant="default" onClick={() => setOpen("password")}>
          Change the password
        </Button>
      )}
    </Group>
  );
  return (
    <Stack gap="md" maw={860}>
      <Panel title="You" aside={buttons}>
        <Facts
          facts={[
            ["Name", me.DisplayName],
            ["User name", me.Username],
            ["Email", me.EmailAddress],
          ]}
        />
      </Panel>
      <LookPanel />
      <KeysPanel user={me.Id}>
        Command lines, CI servers and agents act in your name with a key. Give each its own, so that you can revoke one
        without the others.
      </KeysPanel>
      <Sessions user={me.Id} />
      {me.Identities.length > 0 && <Linked identities={me.Identities} />}
      {open === "profile" && <EditMe me={me} onClose={() => setOpen(null)} />}
      {open === "password" && <ChangePassword me={me} onClose={() => setOpen(null)} />}
    </Stack>
  );
}

/** Who the user is to providers outside; administrators look after these. */
function Linked({ identities }: { identities: User["Identities"] }) {
  return (
    <Panel title="How else you sign in" flush>
      <DataTable
        label="Linked accounts"
        rows={identities}
        keyOf={(one) => one.IdentityProviderName + JSON.stringify(one.Claims)}
        columns={[
          { head: "Provider", width: 200, cell: (one) => <Text fw={500}>{one.IdentityProviderName}</Text> },
          { head: "You are there", dimmed: true, cell: (one) => claimsOf(one).join(", ") },
        ]}
      />
    </Panel>
  );
}

/** What the provider says of the user, without marks that only programs read. */
function claimsOf(identity: User["Identities"][number]): string[] {
  return Object.values(identity.Claims)
    .map((claim) => claim.Value)
    .filter((value): value is string => typeof value === "string" && value !== "");
}
