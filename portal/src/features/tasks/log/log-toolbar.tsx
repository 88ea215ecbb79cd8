import { ActionIcon, Button, Group, Switch, Text, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowBarToDown,
  IconChevronDown,
  IconChevronUp,
  IconDownload,
  IconFoldDown,
  IconFoldUp,
  IconSearch,
} from "@tabler/icons-react";
import classes from "./log.module.css";

interface Props {
  rawAddress: string;
  verbose: boolean;
  onVerbose: (verbose: boolean) => void;
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
        <Switch
          size="xs"
          label="Verbose"
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

function Search({ sought, onSeek, matches, current, onStep }: Props) {
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
