import { Badge, Group, Stack, Text } from "@mantine/core";
import { TextDifference } from "@/components/text-difference";
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
              <TextDifference
                before={one.kind === "added" ? null : detail.before}
                after={one.kind === "removed" ? null : detail.now}
              />
            </div>
          ))}
        </section>
      ))}
    </Stack>
  );
}
