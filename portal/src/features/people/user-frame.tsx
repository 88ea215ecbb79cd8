import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions, Outlet, useParams } from "@tanstack/react-router";
import { useRights } from "@/api/rights";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { StateBadge } from "@/components/state";
import { type TabLink, TabLinks } from "@/components/tab-links";
import { type User, userQuery } from "./users-api";

const CRUMBS = [{ text: "Users", to: "/app/users" }];

/** What all screens of a user share: the name, the state, the tabs. */
export function UserFrame() {
  const { user: id } = useParams({ from: "/shell/app/users/$user" });
  const user = useQuery(userQuery(id));
  const rights = useRights();
  return (
    <Page
      title={user.data?.DisplayName ?? id}
      crumbs={CRUMBS}
      aside={user.data && <Marks user={user.data} />}
      description={user.data && (user.data.EmailAddress || user.data.Username)}
      tabs={<TabLinks label="User" tabs={tabsOf(id, rights.allows("UserEdit"))} />}
    >
      <Loaded query={user} what="The user">
        {() => <Outlet />}
      </Loaded>
    </Page>
  );
}

function Marks({ user }: { user: User }) {
  return (
    <Group gap={6}>
      {!user.IsActive && <StateBadge of="cancelled" word="Deactivated" />}
      {user.IsService && <StateBadge of="pending" word="Service account" />}
    </Group>
  );
}

function tabsOf(user: string, mayEdit: boolean): TabLink[] {
  const params = { user };
  return [
    { word: "Account", link: linkOptions({ to: "/app/users/$user", params }), exact: true },
    { word: "Teams", link: linkOptions({ to: "/app/users/$user/teams", params }) },
    ...(mayEdit ? [{ word: "API keys", link: linkOptions({ to: "/app/users/$user/keys", params }) }] : []),
    { word: "Permissions", link: linkOptions({ to: "/app/users/$user/permissions", params }) },
  ];
}

/** The user of the tab that is shown; the frame shows tabs only when it is there. */
export function useUser(): User {
  const { user: id } = useParams({ from: "/shell/app/users/$user" });
  const { data } = useQuery(userQuery(id));
  if (!data) throw new Error("A tab of a user is shown only within its frame.");
  return data;
}
