import { Button, Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/api/session";
import { Facts } from "@/components/facts";
import { Page, Panel } from "@/components/page";
import { ChangePassword } from "./change-password";
import { KeysPanel } from "./keys-panel";
import { Sessions } from "./sessions";

export function ProfileScreen() {
  const { data: me } = useSuspenseQuery(meQuery);
  const [changing, setChanging] = useState(false);
  const change = (
    <Button variant="default" onClick={() => setChanging(true)}>
      Change the password
    </Button>
  );
  return (
    <Page title="Profile">
      <Stack gap="md" maw={860}>
        <Panel title="You" aside={me.CanPasswordBeEdited ? change : undefined}>
          <Facts
            facts={[
              ["Name", me.DisplayName],
              ["User name", me.Username],
              ["Email", me.EmailAddress],
            ]}
          />
        </Panel>
        <KeysPanel user={me.Id}>
          Command lines, CI servers and agents act in your name with a key. Give each its own, so that you can revoke
          one without the others.
        </KeysPanel>
        <Sessions user={me.Id} />
      </Stack>
      {changing && <ChangePassword me={me} onClose={() => setChanging(false)} />}
    </Page>
  );
}
