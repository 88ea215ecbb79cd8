import { Button, Group, List, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { Notice } from "@/components/notice";
import type { Clash, Merged } from "../model/merge";
import { isSecret } from "../model/variable";

interface Props {
  merged: Merged;
  onMerge: () => void;
  onDiscard: () => void;
}

/** Somebody else saved while one was editing: what comes of both, and what both changed. */
export function TheirsNotice({ merged, onMerge, onDiscard }: Props) {
  const { clashes } = merged;
  return (
    <Notice alert tone="waiting" icon={IconUsers} title="Somebody else saved these variables meanwhile">
      <Text size="sm">
        {clashes.length === 0
          ? "You changed other things than they did. Taken together, nothing of either is lost."
          : "Taken together, nothing is lost but where both changed the same. There yours stays:"}
      </Text>
      {clashes.length > 0 && (
        <List size="sm" mt={4}>
          {clashes.slice(0, 8).map((clash) => (
            <List.Item key={`${clash.id}/${clash.part}`}>{clashWords(clash)}</List.Item>
          ))}
          {clashes.length > 8 && <List.Item>and {clashes.length - 8} more</List.Item>}
        </List>
      )}
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" onClick={onMerge}>
          Take both together
        </Button>
        <Button size="compact-sm" variant="default" onClick={onDiscard}>
          Drop mine
        </Button>
      </Group>
    </Notice>
  );
}

function clashWords({ name, part, theirs }: Clash): string {
  if (part === null) {
    return theirs ? `${name}: you deleted it, they changed it.` : `${name}: they deleted it, you changed it.`;
  }
  if (part === "Value" && theirs && !isSecret(theirs)) return `${name}: they have the value “${theirs.Value ?? ""}”.`;
  return `${name}: both changed the ${part.toLowerCase()}.`;
}
