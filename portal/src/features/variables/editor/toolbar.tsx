import { ActionIcon, Anchor, Button, CloseButton, Group, Menu, Popover, Select, Text, TextInput } from "@mantine/core";
import {
  IconBulb,
  IconClipboardText,
  IconDownload,
  IconFilter,
  IconKeyboard,
  IconPlus,
  IconSearch,
} from "@tabler/icons-react";
import { ActionButton, type Need } from "@/components/permitted";
import { Keys } from "../grid/key-help";
import { ScopeEditor } from "../grid/scope-editor";
import { isNarrowed, SHOWN, scopeToText } from "../model/filters";
import { type Dimension, type ScopeNames, scopeOf } from "../model/scope";
import { TYPES } from "../model/variable";
import type { ShownState } from "./use-shown";

interface Props {
  shown: ShownState;
  names: ScopeNames;
  offered: readonly Dimension[];
  need: Need;
  counts: { rows: number; all: number; names: number };
  onAdd: () => void;
  onImport: () => void;
  onExport: (format: "csv" | "json") => void;
  onExplain?: () => void;
}

export function Toolbar({ shown, names, offered, need, counts, onAdd, onImport, onExport, onExplain }: Props) {
  const { filter, narrow } = shown;
  const isFiltered = filter.type !== null || filter.shown !== null || filter.scope.length > 0;
  return (
    <Group gap="xs" mb="sm" align="center">
      <TextInput
        type="search"
        aria-label="Find variables"
        placeholder="Find by name, value or scope"
        leftSection={<IconSearch size={15} />}
        rightSection={
          shown.words && <CloseButton size="sm" onClick={() => narrow({ q: "" })} aria-label="Clear the words" />
        }
        value={shown.words}
        onChange={(event) => narrow({ q: event.currentTarget.value })}
        w={{ base: "100%", xs: 260 }}
      />
      <Popover width={320} position="bottom-start" shadow="md" withinPortal trapFocus>
        <Popover.Target>
          <Button variant={isFiltered ? "light" : "default"} leftSection={<IconFilter size={16} />}>
            {isFiltered ? "Filtered" : "Filter"}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Filters shown={shown} names={names} offered={offered} />
        </Popover.Dropdown>
      </Popover>
      <Counts counts={counts} shown={shown} />
      <Group gap="xs" ml="auto">
        <Popover width={380} position="bottom-end" shadow="md" withinPortal>
          <Popover.Target>
            <ActionIcon size={34} variant="default" aria-label="Keys">
              <IconKeyboard size={18} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <Keys />
          </Popover.Dropdown>
        </Popover>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDownload size={16} />}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>What is shown, without secrets</Menu.Label>
            <Menu.Item onClick={() => onExport("csv")}>As a table (CSV)</Menu.Item>
            <Menu.Item onClick={() => onExport("json")}>As JSON</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {onExplain && (
          <Button variant="default" leftSection={<IconBulb size={16} />} onClick={onExplain}>
            Explain
          </Button>
        )}
        <ActionButton variant="default" need={need} leftSection={<IconClipboardText size={16} />} onClick={onImport}>
          Paste
        </ActionButton>
        <ActionButton need={need} leftSection={<IconPlus size={16} />} onClick={onAdd}>
          Add a variable
        </ActionButton>
      </Group>
    </Group>
  );
}

function Filters({ shown, names, offered }: Pick<Props, "shown" | "names" | "offered">) {
  const { filter, narrow } = shown;
  return (
    <Group gap="sm">
      <Select
        w="100%"
        label="Show"
        placeholder="All values"
        clearable
        comboboxProps={{ withinPortal: false }}
        data={SHOWN.map(({ value, word, about }) => ({ value, label: `${word}: ${about}` }))}
        value={filter.shown}
        onChange={(value) => narrow({ show: value ?? "" })}
      />
      <Select
        w="100%"
        label="Type"
        placeholder="All types"
        clearable
        comboboxProps={{ withinPortal: false }}
        data={TYPES.map(({ type, word }) => ({ value: type, label: word }))}
        value={filter.type}
        onChange={(value) => narrow({ type: value ?? "" })}
      />
      <div style={{ width: "100%" }}>
        <Text size="sm" fw={500} mb={2}>
          Scoped to
        </Text>
        <ScopeEditor
          label="Scoped to"
          names={names}
          offered={offered}
          value={names.chipsOf(scopeOf(filter.scope))}
          onChange={(chips) => narrow({ scope: scopeToText(chips) })}
        />
      </div>
    </Group>
  );
}

function Counts({ counts, shown }: Pick<Props, "counts" | "shown">) {
  const number = (count: number) => count.toLocaleString("en-US");
  const narrowed = isNarrowed(shown.filter);
  if (counts.all === 0) return null;
  return (
    <Text size="sm" c="dimmed" className="numbers" role="status">
      {narrowed && `${number(counts.rows)} of `}
      {counts.all === 1 ? "1 value" : `${number(counts.all)} values`}
      {counts.names !== counts.all && ` of ${number(counts.names)} variables`}
      {narrowed && (
        <>
          {" · "}
          <Anchor component="button" type="button" size="sm" onClick={shown.clear}>
            Show all
          </Anchor>
        </>
      )}
    </Text>
  );
}
