import { Button, Group, Select, Text } from "@mantine/core";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Column, DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Picker } from "@/components/picker";
import { StateBadge } from "@/components/state";
import { TagChips } from "@/components/tag-chips";
import { TagFilter } from "@/components/tag-fields";
import { useList } from "@/lib/use-list";
import { type Tenant, type TenantFilter, tenantsQuery } from "./api";
import { ConnectWizard } from "./connect-wizard";
import { NewTenant } from "./new-tenant";
import { TenantName } from "./tenant-name";
import classes from "./tenants-screen.module.css";

const NOBODY: ReadonlySet<string> = new Set();

export function TenantsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/tenants" });
  const [dialog, setDialog] = useState<"add" | "connect" | null>(null);
  const [chosen, setChosen] = useState(NOBODY);
  const list = useList<TenantFilter>();
  const tenants = useQuery(tenantsQuery(space, list, list.filters));
  const add = (
    <ActionButton
      need={{ permission: "TenantCreate", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setDialog("add")}
    >
      Add a tenant
    </ActionButton>
  );
  return (
    <Page
      title="Tenants"
      description="Those who have their own copy of what you deploy: customers, branches, regions."
      actions={
        <Group gap="xs">
          <ButtonLink variant="default" to="/app/$space/tenants/missing" params={{ space }}>
            Missing values
          </ButtonLink>
          <Connect space={space} onClick={() => setDialog("connect")} />
          {add}
        </Group>
      }
    >
      <ListPanel
        what="The tenants"
        list={list}
        query={tenants}
        find="Find by name"
        filters={<Filters space={space} list={list} />}
        empty={
          <EmptyState icon={IconUsersGroup} title="No tenant yet" action={add}>
            Add one for each customer, branch or region that gets releases of its own; then connect it to projects and
            to their environments.
          </EmptyState>
        }
      >
        {(items) => (
          <>
            {chosen.size > 0 && (
              <div className={classes.chosen}>
                <Text size="sm" role="status">
                  {chosen.size === 1 ? "1 tenant chosen" : `${chosen.size} tenants chosen`}
                </Text>
                <Group gap="xs">
                  <Button size="compact-sm" variant="default" onClick={() => setChosen(NOBODY)}>
                    Choose none
                  </Button>
                  <ActionButton
                    size="compact-sm"
                    need={{ permission: "TenantEdit", space }}
                    onClick={() => setDialog("connect")}
                  >
                    Connect them
                  </ActionButton>
                </Group>
              </div>
            )}
            <DataTable
              label="Tenants"
              rows={items}
              columns={columnsOf(space)}
              keyOf={(one) => one.Id}
              isMuted={(one) => one.IsDisabled}
              selection={{ chosen, onChange: setChosen, nameOf: (one) => one.Name }}
            />
          </>
        )}
      </ListPanel>
      {dialog === "add" && <NewTenant space={space} onClose={() => setDialog(null)} />}
      {dialog === "connect" && (
        <ConnectWizard
          space={space}
          tenants={[...chosen]}
          onClose={() => {
            setDialog(null);
            setChosen(NOBODY);
          }}
        />
      )}
    </Page>
  );
}

function Connect({ space, onClick }: { space: string; onClick: () => void }) {
  return (
    <ActionButton variant="default" need={{ permission: "TenantEdit", space }} onClick={onClick}>
      Connect to projects
    </ActionButton>
  );
}

function Filters({ space, list }: { space: string; list: ReturnType<typeof useList<TenantFilter>> }) {
  const { filters, narrow } = list;
  return (
    <>
      <TagFilter
        isBare
        space={space}
        scope="Tenant"
        label="Any tags"
        w={{ base: "100%", xs: 220 }}
        value={filters.tags?.split(",") ?? []}
        onChange={(tags) => narrow({ tags: tags.join(",") || null })}
      />
      <Picker
        kind="projects"
        space={space}
        aria-label="Project"
        placeholder="Any project"
        w={180}
        value={filters.project ?? null}
        onChange={(project) => narrow({ project })}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        w={130}
        data={[
          { value: "enabled", label: "Enabled" },
          { value: "disabled", label: "Disabled" },
        ]}
        value={filters.state ?? null}
        onChange={(state) => narrow({ state })}
      />
    </>
  );
}

function columnsOf(space: string): Column<Tenant>[] {
  return [
    {
      head: "Tenant",
      cell: (one) => (
        <TenantName space={space} tenant={one}>
          {one.IsDisabled && <StateBadge of="cancelled" word="Disabled" />}
        </TenantName>
      ),
    },
    { head: "Tags", wideOnly: true, cell: (one) => <TagChips space={space} names={one.TenantTags} /> },
    {
      head: "Projects",
      width: 130,
      dimmed: true,
      cell: (one) => <span className="numbers">{countOf(one)}</span>,
    },
  ];
}

function countOf({ ProjectEnvironments }: Tenant): string {
  const count = Object.keys(ProjectEnvironments).length;
  if (count === 0) return "Not connected";
  return count === 1 ? "1 project" : `${count} projects`;
}
