import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Confirm } from "@/components/confirm";
import { type Column, DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton, type Need } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { type ApiKey, apiKeysQuery, useRevokeKey } from "./api";
import { CreateKey } from "./create-key";

interface Props {
  user: string;
  /** What it takes to make a key, and to revoke one; nothing for one's own. */
  need?: Need;
  revokeNeed?: Need;
  /** Shown when there is none: what keys are for. */
  children: ReactNode;
}

/** The API keys of somebody: the texts are known to nobody any more, so they are told by purpose and first letters. */
export function KeysPanel({ user, need, revokeNeed, children }: Props) {
  const keys = useQuery(apiKeysQuery(user));
  const [creating, setCreating] = useState(false);
  const create = (
    <ActionButton need={need} leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      Create an API key
    </ActionButton>
  );
  return (
    <Panel title="API keys" aside={keys.data?.length ? create : undefined} flush>
      <Loaded query={keys} what="The API keys">
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={IconKey} title="No API key yet" action={create}>
              {children}
            </EmptyState>
          ) : (
            <KeyTable user={user} keys={list} need={revokeNeed} />
          )
        }
      </Loaded>
      {creating && <CreateKey user={user} onClose={() => setCreating(false)} />}
    </Panel>
  );
}

function KeyTable({ user, keys, need }: { user: string; keys: ApiKey[]; need?: Need }) {
  const [leaving, setLeaving] = useState<ApiKey | null>(null);
  const revoking = useRevokeKey(user);
  const revoke = () => {
    if (!leaving) return;
    setLeaving(null);
    revoking.mutate(leaving.Id, { onError: (error) => notifyError("The key was not revoked", error) });
  };
  return (
    <>
      <DataTable
        label="API keys"
        rows={keys}
        columns={columnsOf(need, setLeaving)}
        keyOf={(key) => key.Id}
        minWidth={480}
      />
      <Confirm
        opened={leaving !== null}
        title={`Revoke the key “${leaving?.Purpose}”?`}
        action="Revoke"
        danger
        onClose={() => setLeaving(null)}
        onConfirm={revoke}
      >
        Whatever uses it is refused from now on. This cannot be undone.
      </Confirm>
    </>
  );
}

function columnsOf(need: Need | undefined, onRevoke: (key: ApiKey) => void): Column<ApiKey>[] {
  return [
    { head: "Purpose", cell: (key) => <b>{key.Purpose}</b> },
    { head: "Key", dimmed: true, cell: (key) => <code>{key.ApiKey?.Hint}…</code> },
    { head: "Created", dimmed: true, wideOnly: true, cell: (key) => key.Created && <Ago at={key.Created} /> },
    { head: "Last used", dimmed: true, cell: (key) => (key.LastUsed ? <Ago at={key.LastUsed} /> : "Never") },
    { head: "Expires", dimmed: true, cell: (key) => (key.Expires ? <Ago at={key.Expires} /> : "Never") },
    {
      head: "Actions",
      spoken: true,
      width: 90,
      cell: (key) => (
        <ActionButton size="compact-sm" variant="default" need={need} onClick={() => onRevoke(key)}>
          Revoke
        </ActionButton>
      ),
    },
  ];
}
