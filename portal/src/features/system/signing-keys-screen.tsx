import { Group } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { Confirm } from "@/components/confirm";
import { type Column, DataTable } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";

type Key = Shape<"SigningKeyView">;

const ADMINISTER = { permission: "AdministerSystem" };
const keysQuery = queryOptions({
  queryKey: ["signing-keys"],
  queryFn: () => answer(api.GET("/api/signingkeys")),
});

/** The keys that sign the tokens by which clouds know this server's deployments. */
export function SigningKeysScreen() {
  const keys = useQuery(keysQuery);
  const client = useQueryClient();
  const [asked, setAsked] = useState<Key | "rotate" | null>(null);
  const acting = useMutation({
    mutationFn: (what: Key | "rotate") =>
      what === "rotate"
        ? answer(api.POST("/api/signingkeys/rotate"))
        : answer(api.POST("/api/signingkeys/{id}/revoke", { params: { path: { id: what.Id } } })),
    onSuccess: (list) => client.setQueryData(keysQuery.queryKey, list),
    onError: (error) => notifyError("The keys stay as they are", error),
  });
  const act = () => {
    if (asked) acting.mutate(asked);
    setAsked(null);
  };
  const rotate = (
    <ActionButton need={ADMINISTER} loading={acting.isPending} onClick={() => setAsked("rotate")}>
      Rotate
    </ActionButton>
  );
  return (
    <Page
      title="Signing keys"
      crumbs={[{ text: "Settings", to: "/app/settings" }]}
      description="They sign the tokens by which clouds and other services know this server's deployments."
      actions={rotate}
    >
      <Panel flush>
        <Loaded query={keys} what="The keys" rows={3}>
          {(list) => (
            <DataTable label="Signing keys" rows={list} columns={columnsOf(setAsked)} keyOf={(key) => key.Id} />
          )}
        </Loaded>
      </Panel>
      <Confirm
        opened={asked !== null}
        title={asked === "rotate" ? "Let another key sign?" : "Revoke the key?"}
        action={asked === "rotate" ? "Rotate" : "Revoke"}
        danger={asked !== "rotate"}
        onConfirm={act}
        onClose={() => setAsked(null)}
      >
        {asked === "rotate"
          ? "What the key has signed until now stays valid until it expires."
          : "Everything that it has signed is refused at once, also in deployments that run now. Do this when the key may have been stolen."}
      </Confirm>
    </Page>
  );
}

const STATES = {
  Signing: { of: "success", word: "Signs now" },
  Next: { of: "queued", word: "Signs next" },
  Former: { of: "cancelled", word: "Signed before" },
} as const;

function columnsOf(onRevoke: (key: Key) => void): Column<Key>[] {
  return [
    { head: "Key", cell: (key) => <code style={{ overflowWrap: "anywhere" }}>{key.KeyId}</code> },
    { head: "State", width: 150, cell: (key) => <StateBadge {...STATES[key.State]} /> },
    { head: "From", width: 150, dimmed: true, cell: (key) => key.SignsFrom && <Ago at={key.SignsFrom} /> },
    {
      head: "Actions",
      spoken: true,
      width: 100,
      cell: (key) => (
        <Group justify="flex-end">
          <ActionButton size="compact-sm" variant="default" need={ADMINISTER} onClick={() => onRevoke(key)}>
            Revoke
          </ActionButton>
        </Group>
      ),
    },
  ];
}
