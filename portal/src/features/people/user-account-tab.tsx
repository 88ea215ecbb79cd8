import { Button, Group, Stack, Text } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useRights } from "@/api/rights";
import { meQuery } from "@/api/session";
import { DeleteButton } from "@/components/delete-button";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import { ActionButton, type Need } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyDone, notifyError } from "@/lib/notify";
import { ChangeUser, ResetPassword } from "./change-user";
import { IdentitiesPanel } from "./identities-panel";
import { useNeedOver } from "./power";
import { Sessions } from "./sessions";
import { useUser } from "./user-frame";
import { lockoutQuery, type User, useChangeUser, useDeleteUser, useEndAllSessions, useUnlock } from "./users-api";

/** Who the user is, whether they can sign in, and where they are signed in. */
export function UserAccountTab() {
  const user = useUser();
  const need = useNeedOver(user);
  const mayEdit = useRights().allows("UserEdit");
  return (
    <Stack gap="md" maw={900}>
      {mayEdit && !user.IsService && <LockoutNotice user={user} />}
      <AccountPanel user={user} need={need} />
      {!user.IsService && <IdentitiesPanel user={user} />}
      {mayEdit && (
        <Sessions user={user.Id} title="Signed in" need={{ permission: "UserEdit" }} aside={<EndAll user={user} />} />
      )}
    </Stack>
  );
}

function AccountPanel({ user, need }: { user: User; need: Need }) {
  const [editing, setEditing] = useState(false);
  const [resetting, setResetting] = useState(false);
  const { data: me } = useQuery(meQuery);
  const isSelf = me?.Id === user.Id;
  return (
    <Panel
      title="Account"
      aside={
        <Group gap="xs">
          {user.CanPasswordBeEdited && !isSelf && (
            <ActionButton variant="default" need={need} onClick={() => setResetting(true)}>
              Set a new password
            </ActionButton>
          )}
          <ActionButton variant="default" need={need} onClick={() => setEditing(true)}>
            Edit
          </ActionButton>
        </Group>
      }
    >
      <Stack gap="md">
        <Facts
          facts={[
            ["User name", user.Username],
            ["Name to show", user.DisplayName],
            ["Email", user.EmailAddress],
            ["Kind", user.IsService ? "Service account: programs act in its name, nobody signs in" : "Person"],
            ["Added", user.Created && <Ago at={user.Created} />],
            ["Id", <code key="id">{user.Id}</code>],
          ]}
        />
        <Group gap="xs">
          <Activation user={user} need={need} isSelf={isSelf} />
          <Deletion user={user} need={need} isSelf={isSelf} />
          <TextLink to="/app/audit" search={{ users: user.Id }} size="sm" ml="auto">
            What {user.DisplayName} did
          </TextLink>
        </Group>
      </Stack>
      {editing && <ChangeUser user={user} onClose={() => setEditing(false)} />}
      {resetting && <ResetPassword user={user} onClose={() => setResetting(false)} />}
    </Panel>
  );
}

function Activation({ user, need, isSelf }: { user: User; need: Need; isSelf: boolean }) {
  const changing = useChangeUser(user);
  const toggle = () =>
    changing.mutate(
      { IsActive: !user.IsActive },
      {
        onSuccess: (now) =>
          notifyDone(now.IsActive ? "The user can sign in again." : "The user is signed out everywhere."),
        onError: (error) => notifyError("The user was not changed", error),
      },
    );
  return (
    <ActionButton
      variant="default"
      need={need}
      barred={isSelf && user.IsActive ? "You cannot deactivate yourself." : null}
      loading={changing.isPending}
      onClick={toggle}
    >
      {user.IsActive ? "Deactivate" : "Activate"}
    </ActionButton>
  );
}

function Deletion({ user, need, isSelf }: { user: User; need: Need; isSelf: boolean }) {
  const deleting = useDeleteUser();
  const navigate = useNavigate();
  return (
    <DeleteButton
      what={user.DisplayName}
      need={need}
      barred={isSelf ? "You cannot delete yourself." : null}
      deleting={() => deleting.mutateAsync(user.Id)}
      onDeleted={() => void navigate({ to: "/app/users" })}
    >
      The account goes with its API keys, sessions and memberships of teams. What it did stays in the audit trail. To
      keep somebody out and the account as it is, deactivate it instead.
    </DeleteButton>
  );
}

function EndAll({ user }: { user: User }) {
  const ending = useEndAllSessions(user.Id);
  return (
    <ActionButton
      variant="default"
      size="compact-sm"
      need={{ permission: "UserEdit" }}
      loading={ending.isPending}
      onClick={() => ending.mutate(undefined, { onError: (error) => notifyError("They were not ended", error) })}
    >
      End all
    </ActionButton>
  );
}

/** Shown only when somebody has tried a wrong password too often, or is about to. */
function LockoutNotice({ user }: { user: User }) {
  const { data } = useQuery({ ...lockoutQuery(user.Id), refetchInterval: 30_000 });
  const unlocking = useUnlock(user.Id);
  if (!data || data.FailedSignIns === 0) return null;
  const isLocked = data.LockedUntil !== null;
  const unlock = () => unlocking.mutate(undefined, { onError: (error) => notifyError("It was not unlocked", error) });
  return (
    <Notice tone={isLocked ? "failed" : "waiting"} icon={IconLock} title={isLocked ? "Locked out" : undefined}>
      <Group justify="space-between">
        <Text size="sm">
          {data.FailedSignIns} wrong {data.FailedSignIns === 1 ? "password" : "passwords"} in a row.{" "}
          {data.LockedUntil && (
            <>
              Signing in is refused; that ends <Ago at={data.LockedUntil} />.
            </>
          )}
        </Text>
        <Button size="compact-sm" variant="default" loading={unlocking.isPending} onClick={unlock}>
          {isLocked ? "Unlock" : "Forget them"}
        </Button>
      </Group>
    </Notice>
  );
}
