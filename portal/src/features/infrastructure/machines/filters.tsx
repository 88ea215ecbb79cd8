import { Button, Group } from "@mantine/core";
import { IconFilter } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { targetTagsQuery } from "@/components/tag-input";
import type { ListState } from "@/lib/use-list";
import { SelectFilter, ThingFilter } from "../filter";
import { HEALTHS, STYLES } from "../kinds";
import type { MachineFilter } from "./filter-names";
import type { Realm } from "./realm";

export type MachineList = ListState<MachineFilter>;

/** The same by the names of the API's query. */
export function filterQuery(filters: MachineList["filters"]): Record<string, string | undefined> {
  return {
    environmentIds: filters.environment,
    roles: filters.tag,
    healthStatuses: filters.health,
    commStyles: filters.kind,
    workerPoolIds: filters.pool,
    machinePolicyIds: filters.policy,
    tenantIds: filters.tenant,
    tenantTags: filters.tenantTag,
    isDisabled: filters.disabled,
    shellNames: filters.shell,
  };
}

export const AILING = "Unavailable,Unhealthy,HasWarnings";

const HEALTH_CHOICES = [
  { value: AILING, label: "Not well" },
  ...Object.entries(HEALTHS).map(([value, { word }]) => ({ value, label: word })),
];
const KIND_CHOICES = Object.entries(STYLES).map(([value, label]) => ({ value, label }));
const WORKER_KINDS = new Set(["TentaclePassive", "TentacleActive", "Ssh", "KubernetesTentacle"]);
const USE_CHOICES = [
  { value: "false", label: "Enabled" },
  { value: "true", label: "Disabled" },
];

interface Props {
  realm: Realm;
  space: string;
  list: MachineList;
}

export function MachineFilters({ realm, space, list }: Props) {
  const isTargets = realm.kind === "machines";
  const { filters, narrow } = list;
  const tags = useQuery({ ...targetTagsQuery(space), enabled: isTargets }).data ?? [];
  const [isOpen, setOpen] = useState(hasMore(filters));
  const kinds = isTargets ? KIND_CHOICES : KIND_CHOICES.filter((one) => WORKER_KINDS.has(one.value));
  const at = (name: MachineFilter) => ({
    value: filters[name],
    onChange: (value: string | null) => narrow({ [name]: value }),
  });
  return (
    <>
      <Group gap="xs" visibleFrom={isOpen ? undefined : "xs"}>
        {isTargets ? (
          <>
            <ThingFilter kind="environments" space={space} label="Environment" w={150} {...at("environment")} />
            <SelectFilter
              label="Target tag"
              data={tags.map((tag) => ({ value: tag, label: tag }))}
              {...at("tag")}
              w={130}
            />
          </>
        ) : (
          <ThingFilter kind="workerpools" space={space} label="Worker pool" {...at("pool")} />
        )}
        <SelectFilter label="Health" data={HEALTH_CHOICES} {...at("health")} w={130} />
        <SelectFilter label="Kind" data={kinds} {...at("kind")} w={140} />
      </Group>
      <Button
        variant={isOpen ? "light" : "default"}
        leftSection={<IconFilter size={15} />}
        aria-expanded={isOpen}
        aria-label={isOpen ? "Fewer filters" : "More filters"}
        onClick={() => setOpen(!isOpen)}
      >
        {isOpen ? "Fewer" : "More"}
      </Button>
      {isOpen && (
        <Group gap="xs" w="100%" style={{ order: 1 }}>
          <ThingFilter kind="machinepolicies" space={space} label="Machine policy" {...at("policy")} />
          {isTargets && <ThingFilter kind="tenants" space={space} label="Tenant" {...at("tenant")} />}
          <SelectFilter label="Enabled or not" data={USE_CHOICES} {...at("disabled")} />
          <Shells realm={realm} space={space} {...at("shell")} />
        </Group>
      )}
    </>
  );
}

function hasMore(filters: MachineList["filters"]): boolean {
  return Boolean(filters.policy || filters.tenant || filters.tenantTag || filters.disabled || filters.shell);
}

const shellsQuery = (realm: Realm, space: string) =>
  queryOptions({
    queryKey: [realm.kind, space, "shells"],
    queryFn: () => {
      const path = `/api/{space}/${realm.kind}/operatingsystem/shells/all`;
      const stand = path as "/api/{space}/machines/operatingsystem/shells/all";
      return answer(api.GET(stand, { params: { path: { space } } }));
    },
    staleTime: 30_000,
  });

function Shells(props: { realm: Realm; space: string; value?: string; onChange: (value: string | null) => void }) {
  const { realm, space, value, onChange } = props;
  const known = useQuery(shellsQuery(realm, space)).data ?? [];
  return (
    <SelectFilter
      label="Shell"
      data={known.map((shell) => ({ value: shell, label: shell }))}
      value={value}
      onChange={onChange}
      w={140}
    />
  );
}
