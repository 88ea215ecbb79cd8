import { Group, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { type Place, refusalQuery } from "@/api/rights";
import { spacesQuery } from "@/api/session";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Picker } from "@/components/picker";
import { StateBadge } from "@/components/state";
import { useSpace } from "@/lib/use-space";
import { Grants } from "./permissions-of";
import { type Permission, permissionsQuery } from "./roles-api";

/** Why a user can or cannot do something: pick the permission and the place, and the server answers. */
export function Explain({ user }: { user: string }) {
  const { data: permissions = [] } = useQuery(permissionsQuery);
  const { data: spaces = [] } = useQuery(spacesQuery);
  const home = useSpace();
  const [name, setName] = useState<string | null>(null);
  const [space, setSpace] = useState<string | null>(null);
  const [place, setPlace] = useState<Place>({});
  const permission = permissions.find((one) => one.Name === name);
  const chosen = space ?? home;
  const isOfSpace = permission?.CanApplyAtSpaceLevel ?? true;
  const asked: Place = isOfSpace ? { space: chosen, ...place } : {};
  return (
    <Panel title="Why can they, or why not?">
      <Stack gap="md">
        <Group gap="sm" align="flex-end">
          <Select
            label="Do what"
            placeholder="Find a permission"
            searchable
            data={permissions.map((one) => ({ value: one.Name, label: one.Name }))}
            value={name}
            onChange={setName}
            w={{ base: "100%", xs: 260 }}
          />
          {isOfSpace && (
            <Select
              label="In the space"
              data={spaces.map((one) => ({ value: one.Id, label: one.Name }))}
              allowDeselect={false}
              value={chosen}
              onChange={(next) => {
                setSpace(next);
                setPlace({});
              }}
              w={180}
            />
          )}
          {isOfSpace && permission && (
            <Scopes permission={permission} space={chosen} place={place} onChange={setPlace} />
          )}
        </Group>
        {permission ? (
          <Answer user={user} permission={permission} place={asked} />
        ) : (
          <Text size="sm" c="dimmed">
            Choose what they want to do, and where; the answer names the teams and roles that let them, or that would.
          </Text>
        )}
      </Stack>
    </Panel>
  );
}

const SCOPES = [
  ["Projects", "project", "projects", "Project"],
  ["ProjectGroups", "projectGroup", "projectgroups", "Project group"],
  ["Environments", "environment", "environments", "Environment"],
  ["Tenants", "tenant", "tenants", "Tenant"],
] as const;

interface ScopesProps {
  permission: Permission;
  space: string;
  place: Place;
  onChange: (place: Place) => void;
}

/** Only what the permission can be narrowed by is asked for. */
function Scopes({ permission, space, place, onChange }: ScopesProps) {
  return SCOPES.filter(([scope]) => permission.SupportedRestrictions.includes(scope)).map(([, name, kind, label]) => (
    <Picker
      key={name}
      label={label}
      kind={kind}
      space={space}
      placeholder={name === "tenant" ? "Without a tenant" : "None"}
      value={(place[name] as string | undefined) ?? null}
      onChange={(id) => onChange({ ...place, [name]: id ?? undefined })}
      w={190}
    />
  ));
}

function Answer({ user, permission, place }: { user: string; permission: Permission; place: Place }) {
  const answer = useQuery(refusalQuery(user, permission.Name, place));
  return (
    <Loaded query={answer} what="The answer" rows={2}>
      {(told) => (
        <Stack gap={8} role="status">
          <Group gap="sm" align="flex-start" wrap="nowrap">
            <StateBadge of={told.IsAllowed ? "success" : "failed"} word={told.IsAllowed ? "Allowed" : "Not allowed"} />
            <Text size="sm">{told.Sentence.replace(/^(?:Allowed|Not allowed): /, "")}</Text>
          </Group>
          {told.IsAllowed ? <Grants grants={told.Grants} /> : <WouldHelp told={told} />}
        </Stack>
      )}
    </Loaded>
  );
}

function WouldHelp({ told }: { told: Shape<"PermissionExplanation"> }) {
  const others = told.NearMisses.slice(1);
  return (
    <Stack gap={4}>
      {others.map((miss) => (
        <Text key={miss.Sentence} size="sm">
          {miss.Sentence}
        </Text>
      ))}
      <Text size="sm" c="dimmed">
        {told.TeamNames.length > 0
          ? `Members of these teams may: ${told.TeamNames.join(", ")}.`
          : "No team gives it there."}{" "}
        {told.UserRoleNames.length > 0 && `Roles that have the permission: ${told.UserRoleNames.join(", ")}.`}
      </Text>
    </Stack>
  );
}
