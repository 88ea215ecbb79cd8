import { Button, Group, Text } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import classes from "./log.module.css";
import { isSieving, type Sieve } from "./log-reader";
import { LogRows, type RowsHandle } from "./log-rows";
import { LEVELS, type Levels, LogToolbar } from "./log-toolbar";
import { lastFault } from "./search";
import { EMPTY, useSeeking } from "./seeking";
import { useFollow } from "./use-follow";
import { useLog, useOpening } from "./use-log";

interface Props {
  space: string;
  taskId: string;
  isLive: boolean;
  /** Called when the server tells of a change, so that the rest of the screen is renewed. */
  onChange: () => void;
  /** Each time that this grows, the last error is shown. */
  faultAsked?: number;
}

/** The task's log: a tree of activities that grows while it is watched, with only the visible rows in the page. */
export function LogView({ space, taskId, isLive, onChange, faultAsked = 0 }: Props) {
  const [verbose, setVerbose] = useState(false);
  const [levels, setLevels] = useState<Levels>("all");
  const [only, setOnly] = useState("");
  const [whole, setWhole] = useState(false);
  const sieve = useMemo((): Sieve => ({ verbose, levels: LEVELS[levels].of, words: only }), [verbose, levels, only]);
  const log = useLog(space, taskId, sieve, whole, onChange);
  const opening = useOpening(log, EMPTY, sieve);
  const { rows } = opening;
  const handle = useRef<RowsHandle>(null);
  const follow = useFollow();
  const { leave } = follow;
  const show = useCallback(
    (index: number) => {
      leave();
      handle.current?.scrollTo(index);
    },
    [leave],
  );
  const seeking = useSeeking(log, opening, show);
  const searchEverywhere = () => {
    setOnly("");
    setLevels("errors");
  };
  useFaultOnDemand({ asked: faultAsked, log, goTo: seeking.goTo, sieve, searchEverywhere });
  const raw = `/api/${encodeURIComponent(space)}/tasks/${encodeURIComponent(taskId)}/raw`;
  return (
    <section className={classes.log} aria-label="Task log">
      <LogToolbar
        rawAddress={raw}
        verbose={verbose}
        onVerbose={setVerbose}
        levels={levels}
        onLevels={setLevels}
        only={only}
        onOnly={() => setOnly(only === "" ? seeking.typed.trim() : "")}
        {...seeking.toolbar}
        isLive={isLive}
        isFollowing={follow.isFollowing}
        onFollow={follow.toggle}
        onOpenAll={opening.setAll}
      />
      {log?.error ? (
        <ErrorNotice error={log.error} title="The log could not be read further" onRetry={log.retry} />
      ) : null}
      {log && log.model.leftOut > 0 && <LeftOut lines={log.model.leftOut} onRead={() => setWhole(true)} />}
      {log && <Reading done={log.model.lastNumber} of={log.model.totalLines} />}
      <LogRows
        rows={rows}
        onToggle={opening.toggle}
        sought={seeking.words || only}
        currentNumber={seeking.currentNumber}
        isLive={isLive}
        follow={follow}
        handle={handle}
      >
        <Nothing isLive={isLive} isRead={log?.model.isComplete ?? false} isSieved={isSieving(sieve)} />
      </LogRows>
    </section>
  );
}

interface FaultWishes {
  asked: number;
  log: ReturnType<typeof useLog>;
  goTo: (match: { node: number; position: number; number: number }) => void;
  sieve: Sieve;
  /** Lets the server look for errors in the whole log. */
  searchEverywhere: () => void;
}

/**
 * Goes to the last error once it has been read, each time that somebody asks for it. Where what is shown has none, as
 * when it lies in the middle of a very long log, all errors are shown.
 */
function useFaultOnDemand({ asked, log, goTo, sieve, searchEverywhere }: FaultWishes) {
  const answered = useRef(0);
  const model = log?.model ?? EMPTY;
  const isRead = model.totalLines > 0 && model.lastNumber >= model.totalLines;
  useEffect(() => {
    if (asked === answered.current || !isRead) return;
    const fault = lastFault(model);
    if (!fault && (model.leftOut > 0 || sieve.words !== "" || sieve.levels === LEVELS.highlights.of)) {
      searchEverywhere();
      return;
    }
    answered.current = asked;
    if (fault) goTo(fault);
  });
}

function Nothing({ isLive, isRead, isSieved }: { isLive: boolean; isRead: boolean; isSieved: boolean }) {
  const words = isSieved ? "No line of this log is so." : "This task wrote nothing to its log.";
  return (
    <Text size="sm" c="dimmed" p="lg" ta="center">
      {isRead ? words : isLive ? "Nothing yet. What the task does appears here." : "Reading…"}
    </Text>
  );
}

/** Between the first lines of a very long log and its last ones. */
function LeftOut({ lines, onRead }: { lines: number; onRead: () => void }) {
  return (
    <Group gap="xs" px="md" py={4} role="status">
      <Text size="sm">
        {lines.toLocaleString("en-US")} lines in the middle of this log are left out here. To find something in them,
        show only lines with your words, or
      </Text>
      <Button size="compact-sm" variant="subtle" onClick={onRead}>
        Read them all
      </Button>
    </Group>
  );
}

/** How far a long log has been read. */
function Reading({ done, of }: { done: number; of: number }) {
  if (of < 20_000 || done >= of) return null;
  return (
    <Text size="xs" c="dimmed" px="md" py={2} className="numbers">
      {done.toLocaleString("en-US")} of {of.toLocaleString("en-US")} lines read
    </Text>
  );
}
