import { Button, Group, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import type { Draft } from "@/lib/use-draft";
import { Notice } from "./notice";

/** Says that somebody else has saved the document meanwhile, and lets the user choose. */
export function TheirsNotice<T>({ draft, what }: { draft: Draft<T>; what: string }) {
  if (draft.theirs === null) return null;
  return (
    <Notice tone="waiting" icon={IconUsers} title={`${what} was changed by somebody else`}>
      <Text size="sm" mb="xs">
        It was saved while you changed it here. Take theirs, and your changes are dropped; or keep yours, and what they
        changed is overwritten when you save.
      </Text>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={draft.discard}>
          Take theirs
        </Button>
        <Button size="compact-sm" variant="default" onClick={draft.keepMine}>
          Keep mine
        </Button>
      </Group>
    </Notice>
  );
}
