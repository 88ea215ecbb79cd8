import { Autocomplete, Select, SimpleGrid } from "@mantine/core";
import { Picker } from "@/components/picker";
import type { ScopeValues } from "../model/variable";
import type { Place } from "./api";

interface Props {
  space: string;
  values: ScopeValues | undefined;
  place: Place;
  isTenanted: boolean;
  onChange: (patch: Partial<Record<keyof Place, string>>) => void;
  columns?: number;
}

type Named = { Id: string; Name: string };

function options(list: readonly Named[] | undefined) {
  return (list ?? []).map((one) => ({ value: one.Id, label: one.Name }));
}

/** Chooses the place that variables are looked at from. */
export function PlaceForm({ space, values, place, isTenanted, onChange, columns = 2 }: Props) {
  const one = (name: keyof Place, label: string, list: readonly Named[] | undefined, none: string) => (
    <Select
      label={label}
      placeholder={none}
      clearable
      searchable
      limit={60}
      data={options(list)}
      // A link may name it instead of giving its id.
      value={list?.find((each) => each.Id === place[name] || each.Name === place[name])?.Id ?? null}
      onChange={(id) => onChange({ [name]: id ?? "" })}
    />
  );
  const runbooks = values?.Processes.filter((each) => each.ProcessType === "Runbook");
  return (
    <SimpleGrid cols={{ base: 1, xs: columns }} spacing="sm" verticalSpacing="xs">
      {one("environment", "Environment", values?.Environments, "None")}
      {one("target", "Target", values?.Machines, "None")}
      {one("step", "Step", values?.Actions, "None")}
      {one("channel", "Channel", values?.Channels, "None")}
      {isTenanted && (
        <Picker
          kind="tenants"
          space={space}
          label="Tenant"
          placeholder="None"
          value={place.tenant ?? null}
          onChange={(id) => onChange({ tenant: id ?? "" })}
        />
      )}
      {runbooks && runbooks.length > 0 && one("runbook", "Process", runbooks, "Deployment process")}
      <Autocomplete
        label="Target tag"
        placeholder={place.target ? "Those of the target" : "None"}
        clearable
        data={(values?.Roles ?? []).map((role) => role.Name)}
        value={place.role ?? ""}
        onChange={(role) => onChange({ role })}
      />
    </SimpleGrid>
  );
}
