import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Heights } from "./heights";
import type { Anchor, Rows } from "./rows";

const LINE = 22;
const HEAD = 32;
/** Rows above and below those in sight that are in the page, too. */
const AROUND = 20;
/** Browsers draw no element higher than so many pixels; what is higher is scrolled in larger steps. */
const HIGHEST = /firefox/i.test(navigator.userAgent) ? 16_000_000 : 32_000_000;

interface Range {
  first: number;
  last: number;
}

export interface Window {
  /** The height of all rows together, as far as it can be drawn. */
  height: number;
  range: Range;
  /** Where the rows of the range begin. */
  top: number;
  /** For the element that holds the rows of the range, one child each. */
  list: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
  scrollTo: (index: number) => void;
}

/**
 * The few rows of a log that are in sight. Rows have the height of their text, which is known only once they have been
 * drawn; what stands at the top stays there when rows above it grow, come or go.
 */
export function useWindow(box: RefObject<HTMLDivElement | null>, rows: Rows): Window {
  const list = useRef<HTMLDivElement | null>(null);
  const measured = useRef(new Map<string | number, { anchor: Anchor; height: number }>());
  const anchor = useRef<{ at: Anchor; within: number } | null>(null);
  const [range, setRange] = useState<Range>({ first: 0, last: -1 });
  const [, draw] = useState(0);
  const heights = useMemo(() => heightsOf(rows, measured.current), [rows]);
  const scale = Math.min(1, HIGHEST / Math.max(heights.total, 1));

  const look = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const from = element.scrollTop / scale;
    const first = heights.at(from);
    const last = heights.at(from + element.clientHeight);
    const at = rows.anchorAt(first);
    anchor.current = at && { at, within: from - heights.startOf(first) };
    setRange((old) => {
      const isEnough = old.first <= Math.max(0, first - 6) && old.last >= Math.min(rows.count - 1, last + 6);
      if (isEnough && old.last < rows.count && old.last - old.first < 6 * AROUND) return old;
      return { first: Math.max(0, first - AROUND), last: Math.min(rows.count - 1, last + AROUND) };
    });
    if (scale < 1) draw((count) => count + 1);
  }, [box, heights, rows, scale]);

  // Other rows: what stood at the top is put there again, wherever it is now.
  useLayoutEffect(() => {
    const element = box.current;
    const stood = anchor.current;
    const index = stood ? rows.indexOf(stood.at) : null;
    if (element && stood && index !== null && element.scrollTop > 0 && !isAtEnd(element)) {
      const wanted = (heights.startOf(index) + stood.within) * scale;
      if (Math.abs(element.scrollTop - wanted) > 1) element.scrollTop = wanted;
    }
    look();
  }, [box, rows, heights, scale, look]);

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, look]);

  // What was drawn is measured after each drawing.
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || !list.current) return;
    const from = element.scrollTop / scale;
    let above = 0;
    let changed = 0;
    for (const [place, child] of [...list.current.children].entries()) {
      const index = range.first + place;
      const end = heights.startOf(index) + heights.of(index);
      const height = (child as HTMLElement).offsetHeight;
      const difference = height === 0 ? 0 : heights.set(index, height);
      if (difference === 0) continue;
      changed += Math.abs(difference);
      if (end <= from) above += difference;
      const at = rows.anchorAt(index);
      if (at) measured.current.set(rows.keyOf(index), { anchor: at, height });
    }
    if (above !== 0 && !isAtEnd(element)) element.scrollTop += above * scale;
    if (changed > 0) draw((count) => count + 1);
  });

  const scrollTo = useCallback(
    (index: number) => {
      const element = box.current;
      if (!element) return;
      const middle = (element.clientHeight - heights.of(index)) / 2;
      element.scrollTop = Math.max(0, heights.startOf(index) - middle) * scale;
      look();
    },
    [box, heights, scale, look],
  );
  const shown = { first: range.first, last: Math.min(range.last, rows.count - 1) };
  const start = heights.startOf(shown.first);
  // Where all is drawn as high as it is, the rows stand at their own place; else they move along with the scrolling.
  const scrolled = box.current?.scrollTop ?? 0;
  const top = scale === 1 ? start : scrolled + start - scrolled / scale;
  return { height: heights.total * scale, range: shown, top, list, onScroll: look, scrollTo };
}

/** Who reads the end is kept there by following it. */
function isAtEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < LINE;
}

function heightsOf(rows: Rows, measured: ReadonlyMap<string | number, { anchor: Anchor; height: number }>): Heights {
  const heights = new Heights(rows.count, LINE);
  for (const index of rows.heads()) heights.set(index, HEAD);
  for (const { anchor, height } of measured.values()) {
    const index = rows.indexOf(anchor);
    if (index !== null) heights.set(index, height);
  }
  return heights;
}
