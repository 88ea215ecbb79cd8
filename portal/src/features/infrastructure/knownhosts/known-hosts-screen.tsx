import { ActionIcon, Textarea } from "@mantine/core";
import { IconFingerprint, IconPlus, IconTrash } from "@tabler/icons-react";
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api, pageOf, type Shape } from "@/api/client";
import { Confirm } from "@/components/confirm";
import { type Column, DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton, Permitted } from "@/components/permitted";
import { notifyError } from "@/lib/notify";
import { PAGE } from "@/lib/search";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import machines from "../machines/machines.module.css";

type Host = Shape<"SshKnownHost">;

const hostsQuery = (space: string, { q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["known-hosts", space, q, page],
    queryFn: async () => {
      const query = { ...pageOf(page, PAGE), ...(q && { partialHost: q }) };
      const found = await answer(api.GET("/api/{space}/sshknownhosts", { params: { path: { space }, query } }));
      return { Items: found.Resources, TotalResults: found.FilteredCount };
    },
    placeholderData: keepPreviousData,
  });

export function KnownHostsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/known-hosts" });
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Host | null>(null);
  const list = useList();
  const hosts = useQuery(hostsQuery(space, list));
  const add = (
    <ActionButton
      need={{ permission: "SshKnownHostsAdminister", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add known hosts
    </ActionButton>
  );
  return (
    <Page
      title="Known SSH hosts"
      description="Keys by which this server knows machines that have no fingerprint in their own settings."
      actions={add}
    >
      <ListPanel
        what="The known hosts"
        list={list}
        query={hosts}
        find="Find by host"
        empty={
          <EmptyState icon={IconFingerprint} title="No known host" action={add}>
            A target by SSH either has a fingerprint in its settings, or its key is here. Paste what ssh-keyscan prints.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Known SSH hosts"
            rows={items}
            columns={columnsOf(space, setLeaving)}
            keyOf={(one) => one.Id}
          />
        )}
      </ListPanel>
      {adding && <AddHosts space={space} onClose={() => setAdding(false)} />}
      {leaving && <RemoveHost space={space} host={leaving} onClose={() => setLeaving(null)} />}
    </Page>
  );
}

function columnsOf(space: string, onRemove: (host: Host) => void): Column<Host>[] {
  return [
    { head: "Host", width: 220, cell: (one) => one.Host },
    { head: "Type", width: 180, dimmed: true, wideOnly: true, cell: (one) => one.KeyType },
    { head: "Key", cell: (one) => <span className={machines.mono}>{shortened(one.PublicKey)}</span> },
    {
      head: "Remove",
      spoken: true,
      width: 56,
      cell: (one) => (
        <Permitted need={{ permission: "SshKnownHostsAdminister", space }}>
          {(may) => (
            <ActionIcon aria-label={`Remove ${one.Host}`} disabled={!may} onClick={() => onRemove(one)}>
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Permitted>
      ),
    },
  ];
}

function shortened(key: string): string {
  return key.length > 64 ? `${key.slice(0, 28)}…${key.slice(-28)}` : key;
}

function useRefreshHosts(space: string) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["known-hosts", space] });
}

function AddHosts({ space, onClose }: { space: string; onClose: () => void }) {
  const onSuccess = useRefreshHosts(space);
  const adding = useMutation({
    mutationFn: (lines: string[]) => {
      const body = { KnownHostEntries: lines };
      return answer(api.POST("/api/{space}/sshknownhosts", { params: { path: { space } }, body }));
    },
    onSuccess,
  });
  const form = useForm({ KnownHostEntries: "" }, adding.error);
  return (
    <FormModal
      title="Add known hosts"
      action="Add"
      size="lg"
      form={form}
      pending={adding.isPending}
      onSubmit={() => adding.mutate(form.value.KnownHostEntries.split("\n"), { onSuccess: onClose })}
      onClose={onClose}
    >
      <Textarea
        label="Lines of known hosts"
        description="A host, a type and a key on each line, as ssh-keyscan web-1.example.com prints them."
        placeholder="web-1.example.com ssh-ed25519 AAAA…"
        autosize
        minRows={6}
        maxRows={16}
        spellCheck={false}
        data-autofocus
        {...form.field("KnownHostEntries")}
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.78125rem" } }}
      />
    </FormModal>
  );
}

function RemoveHost({ space, host, onClose }: { space: string; host: Host; onClose: () => void }) {
  const onSuccess = useRefreshHosts(space);
  const removing = useMutation({
    mutationFn: () =>
      answer(api.DELETE("/api/{space}/sshknownhosts", { params: { path: { space } }, body: { Id: host.Id } })),
    onSuccess,
  });
  return (
    <Confirm
      opened
      title={`Remove ${host.Host}?`}
      action="Remove"
      danger
      pending={removing.isPending}
      onConfirm={() =>
        removing.mutate(undefined, {
          onSuccess: onClose,
          onError: (error) => notifyError("The known host was not removed", error),
        })
      }
      onClose={onClose}
    >
      Machines that are known by this key alone cannot be deployed to any more.
    </Confirm>
  );
}
