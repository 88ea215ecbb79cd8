import { Badge, Group, Stack, Text } from "@mantine/core";
import { diffLines } from "diff";
import type { Difference } from "./difference";
import classes from "./difference.module.css";

const WORDS = { added: "New", removed: "Gone", changed: "Changed" } as const;
const COLORS = { added: "green", removed: "red", changed: "gray" } as const;

/** What came, went and changed, each with its text then and now. */
export function DifferenceView({ differences }: { differences: readonly Difference[] }) {
  return (
    <Stack gap="md">
      {differences.map((one) => (
        <section key={`${one.kind} ${one.name}`} aria-label={one.name}>
          <Group gap="xs" mb={4}>
            <Badge color={COLORS[one.kind]}>{WORDS[one.kind]}</Badge>
            <Text fw={500}>{one.name}</Text>
          </Group>
          {one.details.map((detail) => (
            <div key={detail.what} className={classes.detail}>
              <Text size="xs" c="dimmed">
                {detail.what}
              </Text>
              <Lines before={detail.before} now={detail.now} />
            </div>
          ))}
        </section>
      ))}
    </Stack>
  );
}

function Lines({ before, now }: { before: string; now: string }) {
  const parts = diffLines(before && `${before}\n`, now && `${now}\n`);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, so the block can be reached by keyboard
    <pre className={classes.lines} tabIndex={0}>
      {parts.map((part, index) => {
        const kind = part.added ? "added" : part.removed ? "removed" : undefined;
        const sign = part.added ? "+ " : part.removed ? "- " : "  ";
        return part.value
          .replace(/\n$/, "")
          .split("\n")
          .map((line, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else that tells them apart
            <span key={`${index}-${place}`} className={classes.textLine} data-kind={kind}>
              {sign + line}
            </span>
          ));
      })}
    </pre>
  );
}
