import { Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconLock } from "@tabler/icons-react";
import { conflictSentence } from "../model/conflicts";
import type { Row } from "../model/rows";
import type { ScopeNames } from "../model/scope";
import classes from "./editor.module.css";
import type { CellFault } from "./faults";

interface Props {
  row: Row | null;
  names: ScopeNames;
  lock: string | null;
  faults: readonly CellFault[];
}

/** Below the grid: what is to be said about the line that one is on. */
export function DetailLine({ row, names, lock, faults }: Props) {
  return (
    <div className={classes.detail} role="status" aria-live="polite">
      {row ? (
        <Group gap={12} wrap="nowrap" align="flex-start">
          <Text size="xs" fw={600} className={classes.detailName}>
            {row.variable.Name || "New variable"}
          </Text>
          <div className={classes.detailWords}>
            {faults.map((fault) => (
              <Words key={fault.sentence} tone="failed">
                {fault.sentence}
              </Words>
            ))}
            {lock && <Words tone="lock">{lock}</Words>}
            {row.kind === "deleted" && <Words tone="plain">Is deleted when you save; its menu restores it.</Words>}
            {row.kind !== "deleted" && row.conflict && (
              <Words tone="waiting">{conflictSentence(row.variable, row.conflict, names)}</Words>
            )}
            {row.kind === "changed" && (
              <Words tone="plain">Changed, not saved: {row.parts.join(", ").toLowerCase()}.</Words>
            )}
            {row.variable.Prompt && (
              <Words tone="plain">Asked for when deploying: {row.variable.Prompt.Label || row.variable.Name}.</Words>
            )}
            {row.variable.Description && <Words tone="plain">{row.variable.Description}</Words>}
          </div>
        </Group>
      ) : (
        <Text size="xs" c="dimmed">
          Click a cell twice, or press Enter, to edit it. Values of one name stand below each other; the most specific
          scope is used.
        </Text>
      )}
    </div>
  );
}

function Words({ tone, children }: { tone: "failed" | "waiting" | "lock" | "plain"; children: React.ReactNode }) {
  const Sign = tone === "lock" ? IconLock : tone === "plain" ? null : IconAlertTriangle;
  return (
    <Text size="xs" className={classes.words} data-tone={tone} component="div">
      {Sign && <Sign size={13} aria-hidden />}
      <span>{children}</span>
    </Text>
  );
}
