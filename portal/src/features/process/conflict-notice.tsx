import { Button, Group, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { Notice } from "@/components/notice";
import type { Process } from "./model/document";
import type { Merged } from "./model/merging";

interface Props {
  merged: Merged<Process>;
  onMerge: () => void;
  onTakeTheirs: () => void;
}

/** Somebody else saved the process while it was changed here: what they did, and the two ways on. */
export function ConflictNotice({ merged, onMerge, onTakeTheirs }: Props) {
  const { theirs, both } = merged;
  return (
    <Notice alert tone="waiting" icon={IconUsers} title="Somebody else saved this process in the meantime">
      <Text size="sm">
        {theirs.length > 0 ? `They changed ${listed(theirs)}. ` : "They changed the order of the steps. "}
        {both.length > 0
          ? `You changed ${listed(both)}, too: there, your version is kept.`
          : "None of that did you change, so both can stand."}
      </Text>
      <Group gap="xs" mt="sm">
        <Button size="xs" onClick={onMerge}>
          Put my changes on top
        </Button>
        <Button size="xs" variant="default" onClick={onTakeTheirs}>
          Drop mine, take theirs
        </Button>
      </Group>
    </Notice>
  );
}

function listed(names: readonly string[]): string {
  const quoted = names.map((name) => `‘${name}’`);
  if (quoted.length < 2) return quoted.join("");
  return `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}
