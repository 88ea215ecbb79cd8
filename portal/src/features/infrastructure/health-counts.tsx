import { Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { StateBadge } from "@/components/state";
import { HEALTHS, type Health } from "./kinds";
import { type Counts, healthCounts } from "./summary";

/** How many machines are in each state of health, each leading to the list of those. */
export function HealthCounts({ space, counts, environment, pool }: Props) {
  const found = healthCounts(counts);
  if (found.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None
      </Text>
    );
  return (
    <Group gap={6}>
      {found.map(({ health, count }) => {
        const { of, word } = HEALTHS[health];
        const words = `${count.toLocaleString("en-US")} ${word.toLowerCase()}`;
        return (
          <HealthLink key={health} space={space} health={health} environment={environment} pool={pool}>
            <StateBadge of={of} word={words} />
          </HealthLink>
        );
      })}
    </Group>
  );
}

interface Props {
  space: string;
  counts: Counts;
  environment?: string;
  /** Of workers, in this pool; an empty text means those of all pools. */
  pool?: string;
}

function HealthLink({ space, health, environment, pool, children }: LinkProps) {
  return pool === undefined ? (
    <Link to="/app/$space/infrastructure/targets" params={{ space }} search={{ environment, health }}>
      {children}
    </Link>
  ) : (
    <Link to="/app/$space/infrastructure/workers" params={{ space }} search={{ pool: pool || undefined, health }}>
      {children}
    </Link>
  );
}

type LinkProps = Omit<Props, "counts"> & { health: Health; children: ReactNode };
