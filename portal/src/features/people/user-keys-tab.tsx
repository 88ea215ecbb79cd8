import { Stack, Text } from "@mantine/core";
import { KeysPanel } from "./keys-panel";
import { OidcPanel } from "./oidc-panel";
import { useNeedOver } from "./power";
import { useUser } from "./user-frame";

const ADMINISTER = { permission: "AdministerSystem" };
const EDIT = { permission: "UserEdit" };

/** What programs act in the user's name with. A key of a person is theirs to make; else it takes an administrator. */
export function UserKeysTab() {
  const user = useUser();
  const over = useNeedOver(user);
  return (
    <Stack gap="md" maw={900}>
      <KeysPanel user={user.Id} need={user.IsService ? over : ADMINISTER} revokeNeed={EDIT}>
        {user.IsService
          ? "Programs act in the name of this account with a key. Give each its own, so that you can revoke one without the others."
          : "People make their keys themselves, in their profile. Administrators can make one for them; it is told in the audit trail."}
      </KeysPanel>
      {user.IsService && <OidcPanel account={user.Id} need={over} />}
      <Text size="sm" c="dimmed">
        Administrators can look at the server as {user.DisplayName} does, with their own key and the header{" "}
        <code>X-Polpo-Act-As: {user.Id}</code>. It is for looking only, and the audit trail tells that they did.
      </Text>
    </Stack>
  );
}
