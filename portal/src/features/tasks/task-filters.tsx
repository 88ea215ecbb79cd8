import { Group, SegmentedControl, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "@/api/reference";
import { Picker } from "@/components/picker";
import type { ListState } from "@/lib/use-list";
import { nodesQuery, SHOWN, shownOf, type TaskFilter, taskKindsQuery } from "./api";
import classes from "./task.module.css";

const CHOICES = Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }));

interface Props {
  space: string;
  list: ListState<TaskFilter>;
}

/** Which of the lists: all, those under way, those that want somebody. */
export function ShownControl({ list }: Props) {
  return (
    <div className={classes.scrolls}>
      <SegmentedControl
        aria-label="Which tasks"
        data={CHOICES}
        value={shownOf(list.filters.show)}
        onChange={(show) => list.narrow({ show: show === "all" ? null : show })}
      />
    </div>
  );
}

/** What kind of task, of which project, where, and on which node. */
export function TaskFilters({ space, list }: Props) {
  const kinds = useQuery(taskKindsQuery(space)).data ?? [];
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const nodes = useQuery(nodesQuery).data ?? [];
  const { filters, narrow } = list;
  return (
    <Group gap="xs" className={classes.filters}>
      <Select
        aria-label="Kind"
        placeholder="All kinds"
        clearable
        searchable
        w={{ base: "100%", xs: 180 }}
        data={kinds.map((one) => ({ value: one.Id, label: one.Name }))}
        value={filters.kind ?? null}
        onChange={(kind) => narrow({ kind })}
      />
      <Picker
        kind="projects"
        space={space}
        aria-label="Project"
        placeholder="All projects"
        w={{ base: "100%", xs: 180 }}
        value={filters.project ?? null}
        onChange={(project) => narrow({ project, ...(project === null && { runbook: null }) })}
      />
      <Select
        aria-label="Environment"
        placeholder="All environments"
        clearable
        searchable
        w={{ base: "100%", xs: 180 }}
        data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
        value={filters.environment ?? null}
        onChange={(environment) => narrow({ environment })}
      />
      <Picker
        kind="tenants"
        space={space}
        aria-label="Tenant"
        placeholder="All tenants"
        w={{ base: "100%", xs: 160 }}
        value={filters.tenant ?? null}
        onChange={(tenant) => narrow({ tenant })}
      />
      <Picker
        kind="runbooks"
        space={space}
        aria-label="Runbook"
        placeholder="All runbooks"
        w={{ base: "100%", xs: 160 }}
        filters={filters.project ? { projectIds: filters.project } : undefined}
        value={filters.runbook ?? null}
        onChange={(runbook) => narrow({ runbook })}
      />
      {nodes.length > 1 && (
        <Select
          aria-label="Node"
          placeholder="All nodes"
          clearable
          w={{ base: "100%", xs: 150 }}
          data={nodes}
          value={filters.node ?? null}
          onChange={(node) => narrow({ node })}
        />
      )}
      <Select
        aria-label="Whose tasks"
        allowDeselect={false}
        w={{ base: "100%", xs: 210 }}
        data={[
          { value: "all", label: "This space and the server" },
          { value: "own", label: "Only this space" },
        ]}
        value={filters.own ? "own" : "all"}
        onChange={(own) => narrow({ own: own === "own" ? "own" : null })}
      />
    </Group>
  );
}
