import { Checkbox, Group, MultiSelect, SegmentedControl, Stack, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { Shape } from "@/api/client";
import { environmentsQuery, type Project } from "@/api/reference";
import { Panel } from "@/components/page";
import { tenantTagsQuery } from "./api";
import { type ForWhom, openEnvironments, type Place, type Where } from "./wish";

interface Props {
  space: string;
  project: Project;
  template: Shape<"ReleaseDeploymentTemplate">;
  where: Where;
  onWhere: (patch: Partial<Where>) => void;
  /** What follows from the choice. */
  places: readonly Place[];
  meant: number;
}

const WHOM: { value: ForWhom; label: string }[] = [
  { value: "untenanted", label: "Without a tenant" },
  { value: "named", label: "Chosen tenants" },
  { value: "tagged", label: "Tenants by tag" },
  { value: "all", label: "All that may get it" },
];

/** To which environments, and for which tenants. Only what the lifecycle lets in is offered. */
export function WherePanel({ space, project, template, where, onWhere, places, meant }: Props) {
  const order = useQuery(environmentsQuery(space)).data ?? [];
  const open = openEnvironments(
    template,
    order.map((one) => one.Id),
  );
  const isNarrow = useMediaQuery("(max-width: 36em)") ?? false;
  const mode = project.TenantedDeploymentMode;
  const offered = open.filter((one) => (where.forWhom === "untenanted" ? one.isOpenUntenanted : one.tenants > 0));
  return (
    <Panel title="Where to">
      <Stack>
        {mode !== "Untenanted" && (
          <Stack gap={6}>
            <Text size="sm" fw={600} aria-hidden>
              For whom
            </Text>
            <SegmentedControl
              aria-label="For whom"
              data={WHOM.filter((one) => mode !== "Tenanted" || one.value !== "untenanted")}
              value={where.forWhom}
              onChange={(next) => onWhere({ forWhom: next as ForWhom })}
              orientation={isNarrow ? "vertical" : "horizontal"}
              style={{ alignSelf: "flex-start", maxWidth: "100%" }}
            />
          </Stack>
        )}
        {where.forWhom === "named" && (
          <MultiSelect
            label="Tenants"
            placeholder={where.tenants.length === 0 ? "Choose tenants" : undefined}
            searchable
            clearable
            hidePickedOptions
            limit={60}
            maxDropdownHeight={280}
            nothingFoundMessage="No tenant with this name can get the release now"
            data={template.TenantPromotions.map((one) => ({ value: one.Id, label: one.Name }))}
            value={where.tenants.filter((id) => template.TenantPromotions.some((one) => one.Id === id))}
            onChange={(tenants) => onWhere({ tenants })}
          />
        )}
        {where.forWhom === "tagged" && <TagField space={space} where={where} onWhere={onWhere} />}
        <Checkbox.Group
          label="Environments"
          value={[...where.environments]}
          onChange={(environments) => onWhere({ environments })}
        >
          <Group gap="lg" mt={6}>
            {offered.map((one) => (
              <Checkbox
                key={one.id}
                value={one.id}
                label={
                  where.forWhom === "untenanted"
                    ? one.name
                    : `${one.name} (${one.tenants === 1 ? "1 tenant" : `${one.tenants} tenants`})`
                }
              />
            ))}
          </Group>
        </Checkbox.Group>
        {offered.length === 0 && (
          <Text size="sm" c="dimmed">
            {where.forWhom === "untenanted"
              ? "The lifecycle has no environment for this release now. Its page says what must succeed first."
              : "No tenant may get this release now. The tab Tenants of the release shows where each of them stands."}
          </Text>
        )}
        <Missing where={where} places={places} meant={meant} offered={offered.map((one) => one.id)} />
      </Stack>
    </Panel>
  );
}

function TagField({ space, where, onWhere }: Pick<Props, "space" | "where" | "onWhere">) {
  const sets = useQuery(tenantTagsQuery(space)).data ?? [];
  const groups = sets
    .filter((set) => set.Tags.length > 0)
    .map((set) => ({
      group: set.Name,
      items: set.Tags.map((tag) => ({ value: tag.CanonicalTagName, label: tag.Name })),
    }));
  return (
    <MultiSelect
      label="Tags"
      description="A tenant must have one tag of each set that is named here."
      placeholder={where.tags.length === 0 ? "Choose tags" : undefined}
      searchable
      clearable
      hidePickedOptions
      data={groups}
      value={[...where.tags]}
      onChange={(tags) => onWhere({ tags })}
    />
  );
}

/** What was chosen and cannot be had. */
function Missing({ where, places, meant, offered }: Pick<Props, "where" | "places" | "meant"> & { offered: string[] }) {
  const lost = where.environments.filter((id) => !offered.includes(id));
  const asked = meant * where.environments.length;
  if (lost.length > 0) {
    return (
      <Text size="sm" c="var(--state-waiting)" role="status">
        {where.forWhom === "untenanted"
          ? "The lifecycle does not let this release go there yet; choose another environment."
          : "No tenant may get this release there now; choose another environment."}
      </Text>
    );
  }
  if (where.forWhom === "untenanted" || where.environments.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" role="status">
      {meant === 1 ? "1 tenant is meant" : `${meant} tenants are meant`}
      {places.length < asked &&
        `; ${asked - places.length} of ${asked} places are left out, where a tenant is not connected or cannot get the release yet`}
      .
    </Text>
  );
}
