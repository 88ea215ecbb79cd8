import { Button, Group, Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import classes from "./log.module.css";
import { LogModel } from "./log-model";
import { HeadRow, LineRow } from "./log-row";
import { LogToolbar } from "./log-toolbar";
import { findMatches } from "./search";
import { useFollow } from "./use-follow";
import { useLog, useOpening } from "./use-log";

interface Props {
  space: string;
  taskId: string;
  isLive: boolean;
  /** Called when the server tells of a change, so that the rest of the screen is renewed. */
  onChange: () => void;
}

const EMPTY = new LogModel();
const LINE_HEIGHT = 22;

/** The task's log: a tree of activities that grows while it is watched, with only the visible rows in the page. */
export function LogView({ space, taskId, isLive, onChange }: Props) {
  const [verbose, setVerbose] = useState(false);
  const [whole, setWhole] = useState(false);
  const log = useLog(space, taskId, { verbose, whole }, onChange);
  const opening = useOpening(log, EMPTY);
  const { rows } = opening;
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => box.current,
    estimateSize: (index) => (rows.at(index)?.kind === "node" ? 32 : LINE_HEIGHT),
    getItemKey: (index) => rows.keyOf(index),
    overscan: 24,
  });
  const follow = useFollow(box, isLive, log?.version ?? 0, virtual.getTotalSize());
  const seeking = useSeeking(log, opening, (index) => {
    follow.leave();
    virtual.scrollToIndex(index, { align: "center" });
  });
  const raw = `/api/${encodeURIComponent(space)}/tasks/${encodeURIComponent(taskId)}/raw`;
  return (
    <section className={classes.log} aria-label="Task log">
      <LogToolbar
        rawAddress={raw}
        verbose={verbose}
        onVerbose={setVerbose}
        {...seeking.toolbar}
        isLive={isLive}
        isFollowing={follow.isFollowing}
        onFollow={follow.toggle}
        onOpenAll={opening.setAll}
      />
      {log?.error ? <ErrorNotice error={log.error} title="The log could not be read further" /> : null}
      {log && log.model.leftOut > 0 && <LeftOut lines={log.model.leftOut} onRead={() => setWhole(true)} />}
      <div className={classes.frame}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
        <div ref={box} className={classes.scroller} tabIndex={0} onScroll={follow.onScroll}>
          {rows.count === 0 && <Nothing isLive={isLive} isRead={log?.model.isComplete ?? false} />}
          <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
            {virtual.getVirtualItems().map((item) => {
              const row = rows.at(item.index);
              return (
                <div
                  key={item.key}
                  ref={virtual.measureElement}
                  data-index={item.index}
                  className={classes.row}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {row?.kind === "node" && <HeadRow {...row} onToggle={opening.toggle} />}
                  {row?.kind === "line" && (
                    <LineRow {...row} sought={seeking.words} isCurrent={row.line.Number === seeking.currentNumber} />
                  )}
                </div>
              );
            })}
          </div>
        </div>
      </div>
    </section>
  );
}

function Nothing({ isLive, isRead }: { isLive: boolean; isRead: boolean }) {
  return (
    <Text size="sm" c="dimmed" p="lg" ta="center">
      {isRead
        ? "This task wrote nothing to its log."
        : isLive
          ? "Nothing yet. What the task does appears here."
          : "Reading…"}
    </Text>
  );
}

/** Between the first lines of a very long log and its last ones. */
function LeftOut({ lines, onRead }: { lines: number; onRead: () => void }) {
  return (
    <Group gap="xs" px="md" py={4} role="status">
      <Text size="sm">
        {lines.toLocaleString("en-US")} lines in the middle of this log are left out here; a search does not see them.
      </Text>
      <Button size="compact-sm" variant="subtle" onClick={onRead}>
        Read them all
      </Button>
    </Group>
  );
}

/** Looking for words: all matches, the one at hand, and the way to the next. */
function useSeeking(
  log: ReturnType<typeof useLog>,
  opening: ReturnType<typeof useOpening>,
  show: (index: number) => void,
) {
  const [typed, setTyped] = useState("");
  const [current, setCurrent] = useState(0);
  const words = useDeferredValue(typed);
  const model = log?.model ?? EMPTY;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model changes in place, its version tells
  const matches = useMemo(() => findMatches(model, words), [model, log?.version, words]);
  const at = matches[Math.min(current, matches.length - 1)];
  const [wanted, setWanted] = useState<number | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    const match = matches.find((one) => one.number === wanted);
    const index = match ? opening.rows.indexOfLine(match.node, match.position) : null;
    if (index === null) return;
    show(index);
    setWanted(null);
  }, [wanted, matches, opening.rows, show]);
  const go = (index: number) => {
    const match = matches[index];
    if (!match) return;
    setCurrent(index);
    opening.open(model.pathTo(match.node));
    setWanted(match.number);
  };
  return {
    words,
    currentNumber: words.trim() === "" ? null : (at?.number ?? null),
    toolbar: {
      sought: typed,
      onSeek: (next: string) => {
        setTyped(next);
        setCurrent(-1);
      },
      matches: matches.length,
      current: Math.min(current, matches.length - 1),
      onStep: (by: 1 | -1) =>
        go((Math.max(current, by === 1 ? -1 : 0) + by + matches.length) % Math.max(matches.length, 1)),
    },
  };
}
