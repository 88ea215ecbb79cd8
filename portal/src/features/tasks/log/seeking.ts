import { useDeferredValue, useEffect, useMemo, useState } from "react";
import { LogModel } from "./log-model";
import { findMatches, type Match } from "./search";
import type { useLog, useOpening } from "./use-log";

export const EMPTY = new LogModel();

/** Looking for words: all matches, the one at hand, and the way to the next. */
export function useSeeking(
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
  const [wanted, setWanted] = useState<Match | null>(null);
  useEffect(() => {
    if (wanted === null) return;
    const index = opening.rows.indexOfLine(wanted.node, wanted.position);
    if (index === null) return;
    show(index);
    setWanted(null);
  }, [wanted, opening.rows, show]);
  const goTo = (match: Match) => {
    opening.open(model.pathTo(match.node));
    setWanted(match);
  };
  const step = (by: 1 | -1) => {
    if (matches.length === 0) return;
    const next = (Math.max(current, by === 1 ? -1 : 0) + by + matches.length) % matches.length;
    setCurrent(next);
    const match = matches[next];
    if (match) goTo(match);
  };
  return {
    typed,
    words,
    goTo,
    currentNumber: words.trim() === "" ? null : (at?.number ?? null),
    toolbar: {
      sought: typed,
      onSeek: (next: string) => {
        setTyped(next);
        setCurrent(-1);
      },
      matches: matches.length,
      current: Math.min(current, matches.length - 1),
      onStep: step,
    },
  };
}
