import { Group, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { environmentsQuery, projectGroupsQuery } from "@/api/reference";
import { tagSetsQuery } from "@/api/tag-sets";
import { Picker } from "@/components/picker";
import type { ListState } from "@/lib/use-list";
import type { Filter } from "./api";

const STATES = [
  { value: "failed", label: "Failed" },
  { value: "active", label: "At work" },
  { value: "waiting", label: "Waiting for a person" },
];

/** What to look at for now. It is in the address and is not kept: what is kept, is configured. */
export function Filters({ space, list }: { space: string; list: ListState<Filter> }) {
  const groups = useQuery(projectGroupsQuery(space)).data ?? [];
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const sets = (useQuery(tagSetsQuery(space)).data ?? []).filter((set) => set.Scopes.some((one) => one === "Project"));
  const tags = sets.map((set) => ({
    group: set.Name,
    items: set.Tags.map((tag) => ({ value: tag.CanonicalTagName ?? `${set.Name}/${tag.Name}`, label: tag.Name })),
  }));
  const chosen = (name: Filter) => ({
    "aria-label": LABELS[name],
    placeholder: LABELS[name],
    value: list.filters[name] ?? null,
    onChange: (value: string | null) => list.narrow({ [name]: value }),
    clearable: true,
    w: { base: "calc(50% - 5px)", xs: 160 } as unknown as number,
  });
  return (
    <Group gap="xs">
      <Select {...chosen("state")} data={STATES} />
      {groups.length > 1 && <Select {...chosen("group")} searchable data={groups.map(optionOf)} />}
      {environments.length > 1 && <Select {...chosen("environment")} searchable data={environments.map(optionOf)} />}
      {tags.length > 0 && <Select {...chosen("tag")} searchable data={tags} />}
      <Picker {...chosen("tenant")} kind="tenants" space={space} />
    </Group>
  );
}

const LABELS: Record<Filter, string> = {
  state: "Any state",
  group: "All groups",
  environment: "All environments",
  tag: "Any project tag",
  tenant: "All tenants",
};

function optionOf({ Id, Name }: { Id: string; Name: string }) {
  return { value: Id, label: Name };
}
