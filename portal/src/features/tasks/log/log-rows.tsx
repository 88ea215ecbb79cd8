import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import classes from "./log.module.css";
import type { LogNode } from "./log-model";
import { HeadRow, LineRow } from "./log-row";
import type { Rows } from "./rows";
import { type Follow, useEnd } from "./use-follow";
import { useWindow } from "./use-window";

/** What the toolbar around the rows asks of them. */
export interface RowsHandle {
  scrollTo: (index: number) => void;
}

interface Props {
  rows: Rows;
  onToggle: (node: LogNode) => void;
  sought: string;
  currentNumber: number | null;
  isLive: boolean;
  follow: Follow;
  handle: RefObject<RowsHandle | null>;
  /** Shown while there is no row. */
  children: ReactNode;
}

/** The part of a log that scrolls. It alone is drawn anew while it does. */
export function LogRows({ rows, onToggle, sought, currentNumber, isLive, follow, handle, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useWindow(box, rows);
  const { scrollTo } = shown;
  useEnd(box, isLive && follow.isFollowing, shown.height);
  useEffect(() => {
    handle.current = { scrollTo };
  }, [handle, scrollTo]);
  const onScroll = () => {
    if (box.current) follow.onScroll(box.current);
    shown.onScroll();
  };
  return (
    <div className={classes.frame}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div ref={box} className={classes.scroller} tabIndex={0} onScroll={onScroll}>
        {rows.count === 0 && children}
        <div style={{ height: shown.height, position: "relative" }}>
          <div ref={shown.list} className={classes.rows} style={{ transform: `translateY(${shown.top}px)` }}>
            {indexesOf(shown.range).map((index) => {
              const row = rows.at(index);
              if (!row) return <div key={`none-${index}`} />;
              if (row.kind === "node") return <HeadRow key={`node-${row.node.Id}`} {...row} onToggle={onToggle} />;
              const isCurrent = row.line.Number === currentNumber;
              return <LineRow key={row.line.Number} {...row} sought={sought} isCurrent={isCurrent} />;
            })}
          </div>
        </div>
      </div>
    </div>
  );
}

function indexesOf({ first, last }: { first: number; last: number }): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, place) => first + place);
}
