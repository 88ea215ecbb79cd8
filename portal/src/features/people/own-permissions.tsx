import { Stack } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/session";
import { PermissionsOf } from "./permissions-of";

/** What the user may do, and why they may not do something. */
export function OwnPermissions() {
  const { data: me } = useSuspenseQuery(meQuery);
  return (
    <Stack gap="md" maw={1000}>
      <PermissionsOf user={me.Id} />
    </Stack>
  );
}
