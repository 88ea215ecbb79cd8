import { Button, Group, Menu, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { IconCopy, IconTag, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { ScopeEditor } from "../grid/scope-editor";
import { type Chip, type Dimension, joined, type ScopeNames, scopeOf } from "../model/scope";
import { asType, copyOf, TYPES, type Variable } from "../model/variable";
import classes from "./editor.module.css";

interface Props {
  chosen: readonly Variable[];
  /** How many of the chosen may not be changed. */
  locked: number;
  names: ScopeNames;
  offered: readonly Dimension[];
  change: (work: (old: Variable) => Variable) => void;
  onCopy: (copies: Variable[]) => void;
  onDelete: () => void;
  onClear: () => void;
}

/** What can be done with all lines that are chosen. */
export function BulkBar({ chosen, locked, names, offered, change, onCopy, onDelete, onClear }: Props) {
  const [scoping, setScoping] = useState(false);
  return (
    <div className={classes.bulk} role="toolbar" aria-label="What is chosen">
      <Text size="sm" fw={500} mr={4}>
        {chosen.length} chosen
      </Text>
      <Button size="compact-sm" variant="default" leftSection={<IconTag size={14} />} onClick={() => setScoping(true)}>
        Scope
      </Button>
      <Menu>
        <Menu.Target>
          <Button size="compact-sm" variant="default">
            Type
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {TYPES.map(({ type, word }) => (
            <Menu.Item key={type} onClick={() => change((old) => asType(old, type))}>
              {word}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconCopy size={14} />}
        onClick={() => onCopy(chosen.map(copyOf))}
      >
        Duplicate
      </Button>
      <Button size="compact-sm" variant="default" c="red" leftSection={<IconTrash size={14} />} onClick={onDelete}>
        Delete
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={onClear}>
        Choose none
      </Button>
      {locked > 0 && (
        <Text size="xs" c="dimmed">
          {locked} of them you may not change; they stay as they are.
        </Text>
      )}
      {scoping && (
        <SetScope
          count={chosen.length}
          names={names}
          offered={offered}
          onClose={() => setScoping(false)}
          onDone={(chips, isAdded) => {
            setScoping(false);
            const scope = scopeOf(chips);
            change((old) => ({ ...old, Scope: isAdded ? joined(old.Scope, scope) : scope }));
          }}
        />
      )}
    </div>
  );
}

interface ScopeProps extends Pick<Props, "names" | "offered"> {
  count: number;
  onClose: () => void;
  onDone: (chips: Chip[], isAdded: boolean) => void;
}

function SetScope({ count, names, offered, onClose, onDone }: ScopeProps) {
  const [chips, setChips] = useState<Chip[]>([]);
  const [way, setWay] = useState("add");
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Scope of {count} values</Text>}>
      <Stack>
        <SegmentedControl
          value={way}
          onChange={setWay}
          data={[
            { value: "add", label: "Add to their scopes" },
            { value: "set", label: "Instead of their scopes" },
          ]}
        />
        <ScopeEditor label="Scope" names={names} offered={offered} value={chips} onChange={setChips} />
        {way === "set" && chips.length === 0 && (
          <Text size="sm" c="dimmed">
            With nothing chosen the values hold everywhere.
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button disabled={way === "add" && chips.length === 0} onClick={() => onDone(chips, way === "add")}>
            Change the scopes
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
