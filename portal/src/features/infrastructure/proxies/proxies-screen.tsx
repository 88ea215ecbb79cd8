import { IconPlus, IconRouteAltLeft } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import { pageQuery, type Stored, useCreate } from "../crud";
import { ProxyFields } from "./proxy-fields";

type Proxy = Stored<"proxies">;

export function ProxiesScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/proxies" });
  const [adding, setAdding] = useState(false);
  const list = useList();
  const proxies = useQuery(pageQuery("proxies", space, list));
  const add = (
    <ActionButton
      need={{ permission: "ProxyCreate", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add a proxy
    </ActionButton>
  );
  return (
    <Page
      title="Proxies"
      description="HTTP proxies by which this server reaches listening agents and SSH hosts."
      actions={add}
    >
      <ListPanel
        what="The proxies"
        list={list}
        query={proxies}
        find="Find by name"
        empty={
          <EmptyState icon={IconRouteAltLeft} title="No proxy" action={add}>
            You need one only where this server cannot connect to its machines itself.
          </EmptyState>
        }
      >
        {(items) => <DataTable label="Proxies" rows={items} columns={columnsOf(space)} keyOf={(one) => one.Id} />}
      </ListPanel>
      {adding && <AddProxy space={space} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columnsOf(space: string): Column<Proxy>[] {
  return [
    {
      head: "Proxy",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/infrastructure/proxies/$proxy" params={{ space, proxy: one.Id }} c="inherit">
              {one.Name}
            </TextLink>
          }
        />
      ),
    },
    { head: "Address", cell: (one) => `${one.Host}:${one.Port}` },
    { head: "User", dimmed: true, wideOnly: true, cell: (one) => one.Username },
  ];
}

export const NEW_PROXY = { Name: "", Host: "", Port: 3128, Username: null, Password: null } as Partial<Proxy>;

function AddProxy({ space, onClose }: { space: string; onClose: () => void }) {
  const creating = useCreate("proxies", space);
  const form = useForm(NEW_PROXY as Proxy, creating.error);
  const navigate = useNavigate();
  return (
    <FormModal
      title="Add a proxy"
      action="Add"
      form={form}
      pending={creating.isPending}
      onSubmit={() =>
        creating.mutate(form.value, {
          onSuccess: (made) =>
            navigate({ to: "/app/$space/infrastructure/proxies/$proxy", params: { space, proxy: made.Id } }),
        })
      }
      onClose={onClose}
    >
      <ProxyFields form={form} />
    </FormModal>
  );
}
