import { Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from "@tabler/icons-react";
import { marked } from "../grid/cells";
import type { ScopeNames } from "../model/scope";
import type { Considered } from "./api";
import classes from "./explain.module.css";

const OUTCOMES: Record<string, { word: string; tone: string; icon: typeof IconCheck }> = {
  Won: { word: "Used", tone: "won", icon: IconCheck },
  Tied: { word: "Equal", tone: "tied", icon: IconAlertTriangle },
  LessSpecific: { word: "Less specific", tone: "less", icon: IconMinus },
  Library: { word: "After the project", tone: "less", icon: IconMinus },
  NoMatch: { word: "Does not hold here", tone: "none", icon: IconX },
};

/** Every value that was considered, the best first, with what the server says of it. */
export function ConsideredList({ considered, names }: { considered: readonly Considered[]; names: ScopeNames }) {
  return (
    <ol className={classes.list} aria-label="Values that were considered">
      {considered.map((one, index) => {
        const outcome = OUTCOMES[one.Outcome] ?? { word: one.Outcome, tone: "less", icon: IconMinus };
        const Sign = outcome.icon;
        const chips = names.chipsOf(one.Scope);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: values of tenants have no id
          <li key={`${one.VariableId}-${index}`} className={classes.one} data-tone={outcome.tone}>
            <Group gap={8} wrap="nowrap" align="flex-start">
              <Sign size={15} className={classes.sign} aria-hidden />
              <div className={classes.words}>
                <Group gap={8} justify="space-between" wrap="nowrap" align="flex-start">
                  <span className={classes.value}>
                    {one.IsSensitive ? "••••••••" : one.Value ? marked(one.Value) : <i>empty</i>}
                  </span>
                  <Text size="xs" fw={600} className={classes.outcome}>
                    {index + 1}. {outcome.word}
                  </Text>
                </Group>
                <Group gap={4} my={3}>
                  {chips.length === 0 && (
                    <Text size="xs" c="dimmed">
                      everywhere
                    </Text>
                  )}
                  {chips.map((chip) => (
                    <span key={`${chip.dimension}/${chip.id}`} className={classes.chip}>
                      {chip.word}
                    </span>
                  ))}
                  <Text size="xs" c="dimmed" ml={4}>
                    {one.Source}
                  </Text>
                </Group>
                <Text size="xs" c="dimmed">
                  {one.Sentence}
                </Text>
              </div>
            </Group>
          </li>
        );
      })}
    </ol>
  );
}
