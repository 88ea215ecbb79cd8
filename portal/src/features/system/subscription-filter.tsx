import { MultiSelect, SimpleGrid, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { eventWordsQuery, optionsOf } from "@/api/event-words";
import { Panel } from "@/components/page";
import { ManyPicker } from "@/components/picker";

type Filter = Shape<"EventNotificationSubscriptionFilter">;

interface Props {
  space: string;
  value: Filter;
  onChange: (patch: Partial<Filter>) => void;
}

const PICKED = [
  ["Projects", "projects", "Projects"],
  ["ProjectGroups", "projectgroups", "Project groups"],
  ["Environments", "environments", "Environments"],
  ["Tenants", "tenants", "Tenants"],
  ["Users", "users", "Users who did it"],
] as const;

/** Which events it is about. What is left empty narrows nothing. */
export function SubscriptionFilter({ space, value, onChange }: Props) {
  const { data: words } = useQuery(eventWordsQuery(space));
  const listed = [
    ["EventGroups", "Groups of events", words?.groups],
    ["EventCategories", "Categories", words?.categories],
    ["DocumentTypes", "Kinds of documents", words?.types],
    ["EventAgents", "Programs", words?.agents],
  ] as const;
  return (
    <Panel title="Which events">
      <Text size="sm" c="dimmed" mb="sm">
        A list that you leave empty means all.
      </Text>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {listed.map(([name, label, list]) => (
          <MultiSelect
            key={name}
            label={label}
            searchable
            clearable
            hidePickedOptions
            data={optionsOf(list)}
            value={value[name]}
            onChange={(chosen) => onChange({ [name]: chosen })}
          />
        ))}
        {PICKED.map(([name, kind, label]) => (
          <ManyPicker
            key={name}
            label={label}
            kind={kind}
            space={space}
            value={value[name]}
            onChange={(chosen) => onChange({ [name]: chosen })}
          />
        ))}
      </SimpleGrid>
    </Panel>
  );
}
