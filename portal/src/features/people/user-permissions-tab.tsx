import { Stack } from "@mantine/core";
import { PermissionsOf } from "./permissions-of";
import { useUser } from "./user-frame";

export function UserPermissionsTab() {
  const user = useUser();
  return (
    <Stack gap="md" maw={1000}>
      <PermissionsOf user={user.Id} />
    </Stack>
  );
}
