import { Text } from "@mantine/core";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { type Column, DataTable } from "@/components/data-table";
import { Panel } from "@/components/page";
import { ActionButton, type Need } from "@/components/permitted";
import { notifyError } from "@/lib/notify";
import { AddIdentity } from "./add-identity";
import { useNeedOver } from "./power";
import { type User, useChangeUser } from "./users-api";

type Identity = User["Identities"][number];

/** Who the user is to providers outside. A first sign-in makes these by itself; here they are looked after by hand. */
export function IdentitiesPanel({ user }: { user: User }) {
  const need = useNeedOver(user);
  const changing = useChangeUser(user);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Identity | null>(null);
  const remove = () => {
    const left = user.Identities.filter((one) => one !== leaving);
    setLeaving(null);
    changing.mutate({ Identities: left }, { onError: (error) => notifyError("The identity was not removed", error) });
  };
  return (
    <Panel
      title="Signs in as"
      flush
      aside={
        <ActionButton variant="default" need={need} onClick={() => setAdding(true)}>
          Add an identity
        </ActionButton>
      }
    >
      {user.Identities.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          {user.CanPasswordBeEdited ? "With a user name and password only." : "With nothing yet."} An identity says who
          they are to a provider outside, such as a directory.
        </Text>
      ) : (
        <DataTable
          label="Identities"
          rows={user.Identities}
          columns={columnsOf(need, setLeaving)}
          keyOf={(one) => one.IdentityProviderName + JSON.stringify(one.Claims)}
        />
      )}
      {adding && <AddIdentity user={user} onClose={() => setAdding(false)} />}
      <Confirm
        opened={leaving !== null}
        title="Remove the identity?"
        action="Remove"
        danger
        onConfirm={remove}
        onClose={() => setLeaving(null)}
      >
        {user.DisplayName} cannot sign in by {leaving?.IdentityProviderName} any more, unless a sign-in makes it again.
      </Confirm>
    </Panel>
  );
}

function columnsOf(need: Need, onRemove: (identity: Identity) => void): Column<Identity>[] {
  return [
    { head: "Provider", width: 180, cell: (one) => <b>{one.IdentityProviderName}</b> },
    {
      head: "Claims",
      cell: (one) =>
        Object.entries(one.Claims).map(([name, claim]) => (
          <div key={name}>
            <Text span size="sm" c="dimmed">
              {name}:
            </Text>{" "}
            {claim.Value}
          </div>
        )),
    },
    {
      head: "Actions",
      spoken: true,
      width: 100,
      cell: (one) => (
        <ActionButton size="compact-sm" variant="default" need={need} onClick={() => onRemove(one)}>
          Remove
        </ActionButton>
      ),
    },
  ];
}
