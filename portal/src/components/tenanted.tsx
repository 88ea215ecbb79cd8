import { MultiSelect, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { tagSetsQuery } from "@/api/tag-sets";
import type { Fields } from "@/lib/use-form";
import { ManyPicker } from "./picker";

/** What targets, accounts and certificates say of the tenants that they are for. */
export interface Tenanted {
  TenantedDeploymentParticipation?: "Untenanted" | "TenantedOrUntenanted" | "Tenanted";
  TenantIds?: string[];
  TenantTags?: string[];
}

const PARTICIPATIONS = [
  { value: "Untenanted", label: "Only without tenants" },
  { value: "TenantedOrUntenanted", label: "With and without tenants" },
  { value: "Tenanted", label: "Only for tenants" },
];

/** Whether something takes part in deployments of tenants, and of which. */
export function TenantedFields({ space, form }: { space: string; form: Fields<Tenanted> }) {
  const { TenantedDeploymentParticipation: part = "Untenanted", TenantIds = [], TenantTags = [] } = form.value;
  const takesPart = part !== "Untenanted";
  return (
    <Stack gap="sm">
      <Select
        label="Deployments that it takes part in"
        data={PARTICIPATIONS}
        allowDeselect={false}
        value={part}
        onChange={(value) => form.set({ TenantedDeploymentParticipation: (value ?? "Untenanted") as typeof part })}
        error={form.fault("TenantedDeploymentParticipation")}
      />
      {takesPart && (
        <>
          <ManyPicker
            kind="tenants"
            space={space}
            label="Tenants"
            placeholder={TenantIds.length === 0 ? "Choose tenants" : undefined}
            value={TenantIds}
            onChange={(ids) => form.set({ TenantIds: ids })}
            error={form.fault("TenantIds")}
          />
          <TagField
            space={space}
            label="Tenant tags"
            value={TenantTags}
            onChange={(tags) => form.set({ TenantTags: tags })}
            error={form.fault("TenantTags")}
          />
        </>
      )}
    </Stack>
  );
}

interface TagFieldProps {
  space: string;
  label: string;
  value: readonly string[];
  onChange: (tags: string[]) => void;
  error?: string;
  /** What the tags describe: only sets that are for it are offered. */
  scope?: string;
}

/** Tags from the space's tag sets, as `Set/Tag`. */
export function TagField({ space, label, value, onChange, error, scope = "Tenant" }: TagFieldProps) {
  const sets = useQuery(tagSetsQuery(space)).data ?? [];
  const fitting = sets.filter((set) => set.Scopes.length === 0 || set.Scopes.some((one) => one === scope));
  const data = fitting.map((set) => ({
    group: set.Name,
    items: set.Tags.map((tag) => ({ value: tag.CanonicalTagName ?? `${set.Name}/${tag.Name}`, label: tag.Name })),
  }));
  const known = new Set(data.flatMap((group) => group.items.map((item) => item.value)));
  const strays = value.filter((tag) => !known.has(tag));
  return (
    <MultiSelect
      label={label}
      placeholder={value.length > 0 ? undefined : data.length === 0 ? "There is no such tag set" : "Choose tags"}
      searchable
      clearable
      data={strays.length > 0 ? [...data, { group: "Unknown", items: strays }] : data}
      value={[...value]}
      onChange={onChange}
      error={error}
    />
  );
}
