import { Select, Text } from "@mantine/core";
import { IconPlus, IconSnowflake } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useNames } from "@/api/things";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { Picker } from "@/components/picker";
import { StateBadge } from "@/components/state";
import { Ago } from "@/components/time";
import { useList } from "@/lib/use-list";
import { type Freeze, freezePageQuery } from "./api";
import { scheduleWords, spanOf, stateOf } from "./freeze";

const STATUSES = [
  { value: "Active", label: "Hold now" },
  { value: "Scheduled", label: "Begin later" },
  { value: "Complete", label: "Over" },
];

/** The times in which nothing is deployed. */
export function FreezesScreen() {
  const { space } = useParams({ from: "/shell/app/$space/freezes" });
  const list = useList<"status" | "project">();
  const { status, project } = list.filters;
  const freezes = useQuery(freezePageQuery({ q: list.q, page: list.page, status, project }));
  const add = (
    <Permitted need={{ permission: "DeploymentFreezeAdminister" }}>
      {(isAllowed) => (
        <ButtonLink
          to="/app/$space/freezes/new"
          params={{ space }}
          disabled={!isAllowed}
          leftSection={<IconPlus size={16} />}
        >
          Add a freeze
        </ButtonLink>
      )}
    </Permitted>
  );
  return (
    <Page
      title="Deployment freezes"
      description="Times in which nothing is deployed to what they name. They belong to the server, and can name projects of any space."
      actions={add}
    >
      <ListPanel
        what="The freezes"
        list={list}
        query={freezes}
        find="Find by name"
        filters={
          <>
            <Select
              aria-label="State"
              placeholder="All that are not over"
              clearable
              data={STATUSES}
              value={status ?? null}
              onChange={(next) => list.narrow({ status: next })}
              w={190}
            />
            <Picker
              kind="projects"
              space={space}
              aria-label="Project"
              placeholder="All projects"
              value={project ?? null}
              onChange={(next) => list.narrow({ project: next })}
              w={200}
            />
          </>
        }
        empty={
          <EmptyState icon={IconSnowflake} title="Nothing is frozen" action={add}>
            Make a freeze for times in which nothing may change, such as the days around the end of the year. Those that
            are over are found by their state.
          </EmptyState>
        }
      >
        {(items) => <Table space={space} freezes={items} />}
      </ListPanel>
    </Page>
  );
}

function Table({ space, freezes }: { space: string; freezes: Freeze[] }) {
  const projects = [...new Set(freezes.flatMap(projectsOf))];
  const nameOf = useNames("projects", space, projects);
  const columns: Column<Freeze>[] = [
    {
      head: "Freeze",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/freezes/$freeze" params={{ space, freeze: one.Id }}>
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    { head: "State", width: 130, cell: (one) => <StateBadge {...stateOf(one, Date.now())} /> },
    {
      head: "From",
      wideOnly: true,
      width: 130,
      cell: (one) => <Ago at={spanOf(one).begins} />,
    },
    { head: "Until", wideOnly: true, width: 130, cell: (one) => <Ago at={spanOf(one).ends} /> },
    { head: "Comes", wideOnly: true, dimmed: true, cell: (one) => scheduleWords(one.RecurringSchedule) },
    { head: "Projects", wideOnly: true, cell: (one) => <Text size="sm">{someOf(projectsOf(one).map(nameOf))}</Text> },
  ];
  return <DataTable label="Deployment freezes" rows={freezes} columns={columns} keyOf={(one) => one.Id} />;
}

function projectsOf(freeze: Freeze): string[] {
  const ofTenants = freeze.TenantProjectEnvironmentScope.map((one) => one.ProjectId);
  return [...new Set([...Object.keys(freeze.ProjectEnvironmentScope), ...ofTenants])];
}

function someOf(names: string[]): string {
  return names.length <= 3 ? names.join(", ") : `${names.slice(0, 2).join(", ")} and ${names.length - 2} more`;
}
