import { ActionIcon, Button, Group, Select, Switch, Text, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowBarToDown,
  IconChevronDown,
  IconChevronUp,
  IconDownload,
  IconFilter,
  IconFoldDown,
  IconFoldUp,
  IconSearch,
} from "@tabler/icons-react";
import classes from "./log.module.css";

/** Which levels of lines can be shown alone. */
export const LEVELS = {
  all: { label: "All levels", of: [] },
  highlights: { label: "Highlights", of: ["Highlight"] },
  warnings: { label: "Warnings and errors", of: ["Warning", "Alert", "Error", "Fatal"] },
  errors: { label: "Errors", of: ["Error", "Fatal"] },
} as const satisfies Record<string, { label: string; of: readonly string[] }>;

export type Levels = keyof typeof LEVELS;

interface Props {
  rawAddress: string;
  verbose: boolean;
  onVerbose: (verbose: boolean) => void;
  levels: Levels;
  onLevels: (levels: Levels) => void;
  /** The words that all lines shown have in them; empty: lines are not chosen by words. */
  only: string;
  onOnly: () => void;
  sought: string;
  onSeek: (words: string) => void;
  matches: number;
  current: number;
  onStep: (by: 1 | -1) => void;
  isLive: boolean;
  isFollowing: boolean;
  onFollow: () => void;
  onOpenAll: (open: boolean) => void;
}

export function LogToolbar(props: Props) {
  return (
    <Group className={classes.toolbar} gap="xs" role="toolbar" aria-label="Task log">
      <Search {...props} />
      <Group gap={4} ml="auto">
        <Select
          size="xs"
          aria-label="Levels"
          allowDeselect={false}
          data={Object.entries(LEVELS).map(([value, { label }]) => ({ value, label }))}
          value={props.levels}
          onChange={(next) => props.onLevels((next ?? "all") as Levels)}
          w={150}
          mr={6}
        />
        <Switch
          size="xs"
          label="Verbose"
          disabled={props.levels !== "all"}
          checked={props.verbose}
          onChange={(event) => props.onVerbose(event.currentTarget.checked)}
          mr={6}
        />
        {props.isLive && (
          <Button
            size="compact-sm"
            variant={props.isFollowing ? "light" : "default"}
            leftSection={<IconArrowBarToDown size={14} />}
            aria-pressed={props.isFollowing}
            onClick={props.onFollow}
          >
            Follow
          </Button>
        )}
        <Tooltip label="Open all">
          <ActionIcon aria-label="Open all" onClick={() => props.onOpenAll(true)}>
            <IconFoldDown size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Close all">
          <ActionIcon aria-label="Close all" onClick={() => props.onOpenAll(false)}>
            <IconFoldUp size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label="Whole log as text">
          <ActionIcon component="a" href={props.rawAddress} target="_blank" aria-label="Whole log as text">
            <IconDownload size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  );
}

function Search({ sought, onSeek, matches, current, onStep, only, onOnly }: Props) {
  return (
    <Group gap={4} wrap="nowrap" className={classes.search}>
      <TextInput
        size="xs"
        type="search"
        placeholder="Search the log"
        aria-label="Search the log"
        leftSection={<IconSearch size={14} />}
        value={sought}
        onChange={(event) => onSeek(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") onStep(event.shiftKey ? -1 : 1);
          if (event.key === "Escape") onSeek("");
        }}
        flex={1}
      />
      {(sought.trim() !== "" || only !== "") && (
        <Tooltip label={only === "" ? "Show only lines with these words" : `Only lines with “${only}” are shown`}>
          <ActionIcon
            size="sm"
            variant={only === "" ? "subtle" : "filled"}
            color={only === "" ? "gray" : "plum"}
            aria-label="Only lines with these words"
            aria-pressed={only !== ""}
            onClick={onOnly}
          >
            <IconFilter size={14} />
          </ActionIcon>
        </Tooltip>
      )}
      {sought.trim() !== "" && (
        <>
          <Text size="xs" c="dimmed" className="numbers" miw={52} ta="center" role="status">
            {matches === 0 ? "none" : `${current + 1} of ${matches}`}
          </Text>
          <ActionIcon size="sm" aria-label="Match before" disabled={matches === 0} onClick={() => onStep(-1)}>
            <IconChevronUp size={14} />
          </ActionIcon>
          <ActionIcon size="sm" aria-label="Next match" disabled={matches === 0} onClick={() => onStep(1)}>
            <IconChevronDown size={14} />
          </ActionIcon>
        </>
      )}
    </Group>
  );
}
