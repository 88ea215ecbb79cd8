import { Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useEnvironmentNames } from "@/api/reference";
import { useNames } from "@/api/things";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { Picker } from "@/components/picker";
import { PAGE } from "@/lib/search";
import { useList } from "@/lib/use-list";
import { missingQuery } from "./api";
import { type Lack, lacksOf } from "./missing";
import { VariablesLink } from "./variables-link";

type Filter = "tenant" | "project" | "environment";

/** The values that tenants lack, of all tenants or of those that are asked for. */
export function MissingScreen() {
  const { space } = useParams({ from: "/shell/app/$space/tenants/missing" });
  const list = useList<Filter>();
  const { tenant, project, environment } = list.filters;
  const query = useQuery({
    ...missingQuery(space, { tenantId: tenant, projectId: project, environmentId: environment }),
    select: (missing) => {
      const lacks = lacksOf(missing);
      return { Items: lacks.slice((list.page - 1) * PAGE, list.page * PAGE), TotalResults: lacks.length };
    },
  });
  const picker = (kind: "tenants" | "projects" | "environments", name: Filter, any: string) => (
    <Picker
      kind={kind}
      space={space}
      aria-label={any}
      placeholder={any}
      w={200}
      value={list.filters[name] ?? null}
      onChange={(id) => list.narrow({ [name]: id })}
    />
  );
  return (
    <Page
      title="Missing values"
      crumbs={[{ text: "Tenants", to: `/app/${space}/tenants` }]}
      description="Variables that a deployment needs, and to which a tenant has not given a value."
    >
      <ListPanel
        what="The missing values"
        list={list}
        query={query}
        filters={
          <>
            {picker("tenants", "tenant", "Any tenant")}
            {picker("projects", "project", "Any project")}
            {picker("environments", "environment", "Any environment")}
          </>
        }
        empty={
          <EmptyState icon={IconCircleCheck} title="Nothing is missing">
            Every tenant has a value for every variable that a deployment of its projects needs.
          </EmptyState>
        }
      >
        {(lacks) => <Lacks space={space} lacks={lacks} />}
      </ListPanel>
    </Page>
  );
}

function Lacks({ space, lacks }: { space: string; lacks: Lack[] }) {
  const all = (name: "tenant" | "project" | "set") => [...new Set(lacks.flatMap((one) => one[name] ?? []))];
  const tenantOf = useNames("tenants", space, all("tenant"));
  const projectOf = useNames("projects", space, all("project"));
  const setOf = useNames("libraryvariablesets", space, all("set"));
  const environmentOf = useEnvironmentNames(space);
  return (
    <DataTable
      label="Missing values"
      rows={lacks}
      keyOf={(one) => one.key}
      minWidth={420}
      columns={[
        {
          head: "Tenant",
          cell: (one) => (
            <VariablesLink space={space} tenant={one.tenant}>
              {tenantOf(one.tenant)}
            </VariablesLink>
          ),
        },
        {
          head: "Variable",
          cell: (one) => (
            <Text size="sm" fw={500}>
              {one.variable}
            </Text>
          ),
        },
        {
          head: "Of",
          dimmed: true,
          cell: (one) => (one.set ? `Library set ${setOf(one.set)}` : one.project && projectOf(one.project)),
        },
        { head: "Environment", dimmed: true, cell: (one) => one.environment && environmentOf(one.environment) },
      ]}
    />
  );
}
