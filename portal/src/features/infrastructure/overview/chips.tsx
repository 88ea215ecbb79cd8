import { Anchor, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { kindOf, type Style } from "../kinds";
import classes from "./overview.module.css";

const MOST = 24;

interface Props {
  space: string;
  counts: Record<string, number>;
}

/** How many targets have each tag, the commonest first. */
export function ByTag({ space, counts }: Props) {
  return <Chips space={space} counts={counts} searchOf={(tag) => ({ tag })} wordOf={(tag) => tag} />;
}

export function ByKind({ space, counts }: Props) {
  return (
    <Chips
      space={space}
      counts={counts}
      searchOf={(kind) => ({ kind })}
      wordOf={(kind) => kindOf({ CommunicationStyle: kind as Style })}
    />
  );
}

interface ChipsProps extends Props {
  searchOf: (key: string) => { tag?: string; kind?: string };
  wordOf: (key: string) => string;
}

function Chips({ space, counts, searchOf, wordOf }: ChipsProps) {
  const [shows, setShows] = useState(false);
  const all = Object.entries(counts).sort(([a, many], [b, more]) => more - many || a.localeCompare(b));
  const shown = shows ? all : all.slice(0, MOST);
  if (all.length === 0)
    return (
      <Text size="sm" c="dimmed">
        There is no target yet.
      </Text>
    );
  return (
    <Group gap={6}>
      {shown.map(([key, count]) => (
        <Link
          key={key}
          to="/app/$space/infrastructure/targets"
          params={{ space }}
          search={searchOf(key)}
          className={classes.chip}
        >
          {wordOf(key)}
          <span className={`numbers ${classes.count}`}>{count.toLocaleString("en-US")}</span>
        </Link>
      ))}
      {all.length > MOST && (
        <Anchor component="button" type="button" size="sm" onClick={() => setShows(!shows)}>
          {shows ? "Show fewer" : `Show all ${all.length}`}
        </Anchor>
      )}
    </Group>
  );
}
