import { Checkbox, Group, SegmentedControl, Text, TextInput, Title } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { type Area, areasOf } from "./permission-areas";
import classes from "./permission-picker.module.css";
import { type Permission, permissionsQuery } from "./roles-api";

interface Props {
  space: readonly string[];
  system: readonly string[];
  readOnly: boolean;
  /** Why the permissions cannot be changed, whoever asks. */
  fixed: string | null;
  onSpace: (granted: string[]) => void;
  onSystem: (granted: string[]) => void;
}

/** The whole vocabulary by area, with what each permission lets people do; those of spaces and those of the server. */
export function PermissionPicker({ space, system, readOnly, fixed, onSpace, onSystem }: Props) {
  const permissions = useQuery(permissionsQuery);
  const [level, setLevel] = useState(space.length === 0 && system.length > 0 ? "system" : "space");
  const [words, setWords] = useState("");
  const [onlyGranted, setOnlyGranted] = useState(false);
  const isSpace = level === "space";
  const granted = new Set(isSpace ? space : system);
  const applies = (one: Permission) => (isSpace ? one.CanApplyAtSpaceLevel : one.CanApplyAtSystemLevel);
  const change = (names: readonly string[], on: boolean) => {
    const kept = [...granted].filter((name) => !names.includes(name));
    (isSpace ? onSpace : onSystem)(on ? [...kept, ...names] : kept);
  };
  return (
    <Panel title="Permissions" flush>
      <Group p="md" gap="sm">
        <SegmentedControl
          size="xs"
          aria-label="Level"
          data={[
            { value: "space", label: `In a space (${space.length})` },
            { value: "system", label: `Over the server (${system.length})` },
          ]}
          value={level}
          onChange={setLevel}
        />
        <TextInput
          type="search"
          aria-label="Find a permission"
          placeholder="Find a permission"
          leftSection={<IconSearch size={15} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Checkbox
          size="xs"
          label="Granted only"
          checked={onlyGranted}
          onChange={(event) => setOnlyGranted(event.currentTarget.checked)}
        />
        {fixed && (
          <Text size="sm" c="dimmed">
            {fixed}
          </Text>
        )}
      </Group>
      <Loaded query={permissions} what="The permissions">
        {(all) => {
          const shown = all.filter((one) => applies(one) && (!onlyGranted || granted.has(one.Name)));
          const areas = areasOf(shown, words);
          if (areas.length === 0) return <Nothing />;
          return areas.map((area) => (
            <AreaBox key={area.name} area={area} granted={granted} readOnly={readOnly} onChange={change} />
          ));
        }}
      </Loaded>
    </Panel>
  );
}

function Nothing() {
  return (
    <Text size="sm" c="dimmed" px="md" pb="md">
      No permission fits.
    </Text>
  );
}

interface AreaProps {
  area: Area;
  granted: ReadonlySet<string>;
  readOnly: boolean;
  onChange: (names: readonly string[], on: boolean) => void;
}

function AreaBox({ area, granted, readOnly, onChange }: AreaProps) {
  const names = area.permissions.map((one) => one.Name);
  const count = names.filter((name) => granted.has(name)).length;
  return (
    <section className={classes.area} aria-label={area.name}>
      <Group justify="space-between">
        <Title order={3}>{area.name}</Title>
        <Checkbox
          size="xs"
          label={`${count} of ${names.length}`}
          aria-label={`All of ${area.name}`}
          checked={count === names.length}
          indeterminate={count > 0 && count < names.length}
          disabled={readOnly}
          onChange={() => onChange(names, count < names.length)}
        />
      </Group>
      <div className={classes.list}>
        {area.permissions.map((one) => (
          <Checkbox
            size="xs"
            key={one.Name}
            label={one.Name}
            description={narrowingOf(one)}
            checked={granted.has(one.Name)}
            disabled={readOnly}
            onChange={(event) => onChange([one.Name], event.currentTarget.checked)}
          />
        ))}
      </div>
    </section>
  );
}

const NOUNS: Record<string, string> = {
  Projects: "project",
  ProjectGroups: "project group",
  Environments: "environment",
  Tenants: "tenant",
};

function narrowingOf({ Description, SupportedRestrictions }: Permission): string {
  if (SupportedRestrictions.length === 0) return `${Description}.`;
  return `${Description} (per ${SupportedRestrictions.map((one) => NOUNS[one] ?? one).join(", ")}).`;
}
