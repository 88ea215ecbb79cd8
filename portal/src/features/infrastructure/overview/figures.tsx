import { SimpleGrid, Text } from "@mantine/core";
import { Link, type LinkProps, linkOptions } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { AILING } from "../machines/filters";
import { ailing } from "../summary";
import classes from "./overview.module.css";

interface Props {
  space: string;
  targets: Shape<"EnvironmentsSummary">;
  workers: Shape<"WorkerPoolsSummary"> | undefined;
}

/** The numbers that matter, each leading to the list of those that it counts. */
export function Figures({ space, targets, workers }: Props) {
  const sick = ailing(targets);
  const targetsAt = { to: "/app/$space/infrastructure/targets", params: { space } } as const;
  const workersAt = { to: "/app/$space/infrastructure/workers", params: { space } } as const;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
      <Figure
        number={targets.TotalMachines}
        word={targets.TotalMachines === 1 ? "target" : "targets"}
        link={linkOptions({ ...targetsAt, search: {} })}
      />
      <Figure
        number={sick}
        word="not well"
        tone={sick > 0 ? "failed" : undefined}
        link={linkOptions({ ...targetsAt, search: { health: AILING } })}
      />
      <Figure
        number={targets.TotalDisabledMachines}
        word="disabled"
        link={linkOptions({ ...targetsAt, search: { disabled: "true" } })}
      />
      {workers && (
        <Figure number={workers.TotalMachines} word="workers" link={linkOptions({ ...workersAt, search: {} })} />
      )}
    </SimpleGrid>
  );
}

interface FigureProps {
  number: number;
  word: string;
  tone?: "failed";
  link: Pick<LinkProps, "to" | "params" | "search">;
}

function Figure({ number, word, tone, link }: FigureProps) {
  return (
    <Link {...link} className={classes.figure} data-tone={tone}>
      <span className={`numbers ${classes.number}`}>{number.toLocaleString("en-US")}</span>
      <Text size="sm" c="dimmed" component="span">
        {word}
      </Text>
    </Link>
  );
}
