import { Anchor, Checkbox, Group, Select, Text, TextInput } from "@mantine/core";
import { IconDownload, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { rightsQuery } from "@/api/rights";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Explain } from "./explain";
import { areaOf } from "./permission-areas";
import { permissionsQuery } from "./roles-api";

type Held = Shape<"EffectivePermission">;
type Grant = Shape<"EffectiveGrant">;

/** Everything that a user may do as a table, and a form that answers why they can or cannot do one thing. */
export function PermissionsOf({ user }: { user: string }) {
  const held = useQuery(rightsQuery(user));
  return (
    <>
      <Explain user={user} />
      <Panel title="All permissions" flush aside={<Export user={user} />}>
        <Loaded query={held} what="The permissions" rows={8}>
          {(found) => <HeldTable permissions={found.Permissions} isComplete={found.IsComplete} />}
        </Loaded>
      </Panel>
    </>
  );
}

function Export({ user }: { user: string }) {
  return (
    <Anchor size="sm" href={`/api/users/${user}/permissions/export`} download>
      <Group gap={6} component="span">
        <IconDownload size={15} aria-hidden />
        Export as CSV
      </Group>
    </Anchor>
  );
}

const SERVER = "server";

function HeldTable({ permissions, isComplete }: { permissions: Held[]; isComplete: boolean }) {
  const { data: described = [] } = useQuery(permissionsQuery);
  const [words, setWords] = useState("");
  const [place, setPlace] = useState<string | null>(null);
  const [onlyNarrowed, setOnlyNarrowed] = useState(false);
  const textOf = (name: string) => described.find((one) => one.Name === name)?.Description ?? "";
  const places = new Map(permissions.map((one) => [one.SpaceId ?? SERVER, one.SpaceName ?? "The server"]));
  const shown = permissions.filter(
    (one) =>
      `${one.Permission} ${textOf(one.Permission)}`.toLowerCase().includes(words.trim().toLowerCase()) &&
      (place === null || (one.SpaceId ?? SERVER) === place) &&
      !(onlyNarrowed && one.IsUnrestricted),
  );
  return (
    <>
      <Group p="md" gap="sm">
        <TextInput
          type="search"
          aria-label="Find a permission"
          placeholder="Find a permission"
          leftSection={<IconSearch size={15} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Select
          aria-label="Where"
          placeholder="Everywhere"
          clearable
          data={[...places].map(([value, label]) => ({ value, label }))}
          value={place}
          onChange={setPlace}
          w={180}
        />
        <Checkbox
          size="xs"
          label="Narrowed only"
          checked={onlyNarrowed}
          onChange={(event) => setOnlyNarrowed(event.currentTarget.checked)}
        />
        <Text size="sm" c="dimmed" ml="auto" className="numbers" role="status">
          {shown.length} of {permissions.length}
        </Text>
      </Group>
      {shown.length === 0 ? (
        <Text size="sm" c="dimmed" px="md" pb="md">
          {permissions.length === 0 ? "Nothing: no team of the user has a role." : "Nothing fits."}
        </Text>
      ) : (
        <DataTable
          label="Permissions"
          rows={shown}
          columns={columnsOf(textOf)}
          keyOf={(one) => `${one.SpaceId}/${one.Permission}`}
          minWidth={560}
        />
      )}
      {!isComplete && (
        <Text size="sm" c="dimmed" p="md">
          The user has more permissions in spaces that you may not see.
        </Text>
      )}
    </>
  );
}

function columnsOf(textOf: (permission: string) => string): Column<Held>[] {
  return [
    {
      head: "Permission",
      cell: (one) => (
        <NameCell name={one.Permission}>
          {[textOf(one.Permission), areaOf(one.Permission)].filter(Boolean).join(" · ")}
        </NameCell>
      ),
    },
    { head: "Where", width: 160, cell: (one) => one.SpaceName ?? "The server" },
    { head: "By", cell: (one) => <Grants grants={one.Grants} /> },
  ];
}

/** By which role of which team, and what that is narrowed to. */
export function Grants({ grants }: { grants: readonly Grant[] }) {
  return grants.map((grant) => (
    <div key={`${grant.TeamId}/${grant.UserRoleId}/${JSON.stringify(grant.RestrictedTo)}`}>
      <Text size="sm" component="div">
        <TextLink to="/app/roles/$role" params={{ role: grant.UserRoleId }} size="sm">
          {grant.UserRoleName}
        </TextLink>{" "}
        of{" "}
        <TextLink to="/app/teams/$team" params={{ team: grant.TeamId }} size="sm">
          {grant.TeamName}
        </TextLink>
      </Text>
      {Object.entries(grant.RestrictedTo).map(([kind, things]) => (
        <Text key={kind} size="xs" c="dimmed">
          {NOUNS[kind] ?? kind}: {things.map((thing) => thing.Name ?? thing.Id).join(", ") || "none"}
        </Text>
      ))}
    </div>
  ));
}

const NOUNS: Record<string, string> = {
  Projects: "Projects",
  ProjectGroups: "Project groups",
  Environments: "Environments",
  Tenants: "Tenants",
};
