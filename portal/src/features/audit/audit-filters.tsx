import { Button, CloseButton, Collapse, Group, MultiSelect, Select, Stack, Text } from "@mantine/core";
import { IconAdjustmentsHorizontal } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { eventWordsQuery, type Option, optionsOf } from "@/api/event-words";
import { useRights } from "@/api/rights";
import { spacesQuery } from "@/api/session";
import { DateTimeField } from "@/components/date-time";
import { Picker } from "@/components/picker";
import type { ListState } from "@/lib/use-list";
import { useSpace } from "@/lib/use-space";
import type { Filter } from "./api";

interface Props {
  list: ListState<Filter>;
  /** Null for the trail of the whole server. */
  space: string | null;
}

const MORE = ["eventCategories", "eventAgents", "projects", "environments", "tenants", "from", "to"] as const;

/** What narrows a trail. The less usual is behind a button, and open while it narrows. */
export function AuditFilters({ list, space }: Props) {
  const home = useSpace();
  const { data } = useQuery(eventWordsQuery(space ?? home));
  const [isOpen, setOpen] = useState(() => MORE.some((name) => list.filters[name] !== undefined));
  const maySeeUsers = useRights().allows("UserView");
  return (
    <Stack gap="xs" flex={1}>
      <Group gap="xs">
        {maySeeUsers && (
          <Picker
            kind="users"
            space=""
            aria-label="User"
            placeholder="Everybody"
            value={list.filters.users ?? null}
            onChange={(users) => list.narrow({ users })}
            w={190}
          />
        )}
        <Select
          aria-label="Group of events"
          placeholder="All events"
          searchable
          clearable
          data={optionsOf(data?.groups)}
          value={list.filters.eventGroups ?? null}
          onChange={(eventGroups) => list.narrow({ eventGroups })}
          w={210}
        />
        <Select
          aria-label="Kind of document"
          placeholder="All documents"
          searchable
          clearable
          data={optionsOf(data?.types)}
          value={list.filters.documentTypes ?? null}
          onChange={(documentTypes) => list.narrow({ documentTypes })}
          w={190}
        />
        {space === null && <SpaceSelect list={list} />}
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          More
        </Button>
      </Group>
      <Regarding list={list} />
      <Collapse expanded={isOpen}>
        <MoreFilters
          list={list}
          space={space}
          categories={optionsOf(data?.categories)}
          agents={optionsOf(data?.agents)}
        />
      </Collapse>
    </Stack>
  );
}

function SpaceSelect({ list }: { list: ListState<Filter> }) {
  const { data: spaces = [] } = useQuery(spacesQuery);
  return (
    <Select
      aria-label="Space"
      placeholder="All spaces and the server"
      clearable
      data={optionsOf(spaces)}
      value={list.filters.spaces ?? null}
      onChange={(chosen) => list.narrow({ spaces: chosen, projects: null, environments: null, tenants: null })}
      w={210}
    />
  );
}

function Regarding({ list }: { list: ListState<Filter> }) {
  const { regarding } = list.filters;
  if (!regarding) return null;
  return (
    <Group gap={4}>
      <Text size="sm">
        Only what concerns <b>{regarding}</b>
      </Text>
      <CloseButton size="sm" aria-label={`Not only ${regarding}`} onClick={() => list.narrow({ regarding: null })} />
    </Group>
  );
}

interface MoreProps extends Props {
  categories: Option[];
  agents: Option[];
}

function MoreFilters({ list, space, categories, agents }: MoreProps) {
  const place = space ?? list.filters.spaces;
  const scopes = [
    ["projects", "Project"],
    ["environments", "Environment"],
    ["tenants", "Tenant"],
  ] as const;
  return (
    <Group gap="xs" align="flex-end">
      <MultiSelect
        label="Categories"
        placeholder={list.filters.eventCategories ? undefined : "All"}
        searchable
        clearable
        data={categories}
        value={list.filters.eventCategories?.split(",") ?? []}
        onChange={(chosen) => list.narrow({ eventCategories: chosen.join(",") || null })}
        w={{ base: "100%", xs: 290 }}
      />
      <Select
        label="Program"
        placeholder="All"
        clearable
        data={agents}
        value={list.filters.eventAgents ?? null}
        onChange={(eventAgents) => list.narrow({ eventAgents })}
        w={180}
      />
      {place &&
        scopes.map(([kind, label]) => (
          <Picker
            key={kind}
            kind={kind}
            space={place}
            label={label}
            placeholder="All"
            value={list.filters[kind] ?? null}
            onChange={(id) => list.narrow({ [kind]: id })}
            w={180}
          />
        ))}
      <DateTimeField
        label="From"
        description=""
        value={list.filters.from ?? null}
        onChange={(from) => list.narrow({ from })}
      />
      <DateTimeField
        label="Until"
        description=""
        value={list.filters.to ?? null}
        onChange={(to) => list.narrow({ to })}
      />
    </Group>
  );
}
