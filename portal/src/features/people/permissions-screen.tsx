import { Stack } from "@mantine/core";
import { IconShieldSearch } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useRights } from "@/api/rights";
import { meQuery } from "@/api/session";
import { EmptyState } from "@/components/empty-state";
import { Page, Panel } from "@/components/page";
import { Picker } from "@/components/picker";
import { PermissionsOf } from "./permissions-of";

/** What a user may do and why; who may not see users tests their own permissions. */
export function PermissionsScreen() {
  const { user } = useSearch({ from: "/shell/app/permissions" });
  const { data: me } = useSuspenseQuery(meQuery);
  const navigate = useNavigate();
  const maySeeUsers = useRights().allows("UserView");
  const shown = maySeeUsers ? user : me.Id;
  return (
    <Page
      title="Test permissions"
      description="What somebody may do, where, and by which team; and why something is allowed or not."
    >
      <Stack gap="md" maw={1000}>
        {maySeeUsers && (
          <Picker
            label="User"
            placeholder="Find by name"
            kind="users"
            space=""
            value={user ?? null}
            onChange={(id) => void navigate({ to: ".", search: { user: id ?? undefined }, replace: true })}
            w={320}
          />
        )}
        {shown ? (
          <PermissionsOf key={shown} user={shown} />
        ) : (
          <Panel flush>
            <EmptyState icon={IconShieldSearch} title="Choose a user first">
              Then ask why they can or cannot do something, and see everything that their teams give them.
            </EmptyState>
          </Panel>
        )}
      </Stack>
    </Page>
  );
}
