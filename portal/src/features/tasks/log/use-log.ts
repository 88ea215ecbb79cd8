import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { LogModel, LogNode } from "./log-model";
import { isSieving, LogReader, type Sieve } from "./log-reader";
import { Rows } from "./rows";

interface Log {
  model: LogModel;
  version: number;
  error: unknown;
  retry: () => void;
}

const NOTHING = () => () => undefined;

/** The log of a task, growing while the task runs. */
export function useLog(space: string, taskId: string, sieve: Sieve, whole: boolean, onChange: () => void): Log | null {
  const [reader, setReader] = useState<LogReader | null>(null);
  const renew = useRef(onChange);
  useEffect(() => {
    renew.current = onChange;
  });
  useEffect(() => {
    const made = new LogReader({ space, taskId, sieve, whole, onChange: () => renew.current() });
    made.start();
    setReader(made);
    return () => made.stop();
  }, [space, taskId, sieve, whole]);
  const version = useSyncExternalStore(reader?.subscribe ?? NOTHING, reader?.snapshot ?? zero);
  return useMemo(
    () => (reader ? { model: reader.model, version, error: reader.error, retry: reader.retry } : null),
    [reader, version],
  );
}

function zero(): number {
  return 0;
}

const OPENS_BY_ITSELF = new Set(["Running", "Failed"]);
/** A log of so many lines is shown whole. */
const SHORT = 80;

interface Opening {
  rows: Rows;
  toggle: (node: LogNode) => void;
  open: (ids: readonly number[]) => void;
  setAll: (open: boolean) => void;
}

/** Which activities are open: those at work and those that failed by themselves, the rest as the reader chooses. */
export function useOpening(log: Log | null, empty: LogModel, sieve: Sieve): Opening {
  const [chosen, setChosen] = useState<ReadonlyMap<number, boolean>>(new Map());
  // Said of all, also of those that come later.
  const [all, setAll] = useState<boolean | null>(null);
  // What opened by itself stays open when it has ended, so that nothing folds up under the reader's eyes.
  const seen = useRef(new Set<number>());
  const model = log?.model ?? empty;
  const version = log?.version ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model changes in place, its version tells
  const rows = useMemo(() => {
    const isShort = model.totalLines > 0 && model.totalLines <= SHORT;
    for (const node of model.nodes.values()) if (isShort || OPENS_BY_ITSELF.has(node.Status)) seen.current.add(node.Id);
    // Of a log that is sieved, what was found is shown at once.
    const isSieved = isSieving(sieve);
    return new Rows(model, (node) => chosen.get(node.Id) ?? all ?? (isSieved || seen.current.has(node.Id)), isSieved);
  }, [model, version, chosen, all, sieve]);
  return {
    rows,
    toggle: (node) => {
      const isOpen = chosen.get(node.Id) ?? all ?? (isSieving(sieve) || seen.current.has(node.Id));
      setChosen((old) => new Map(old).set(node.Id, !isOpen));
    },
    open: (ids) => setChosen((old) => new Map([...old, ...ids.map((id) => [id, true] as const)])),
    setAll: (open) => {
      setChosen(new Map());
      setAll(open);
    },
  };
}
