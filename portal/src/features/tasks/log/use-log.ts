import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import type { LogModel, LogNode } from "./log-model";
import { LogReader } from "./log-reader";
import { Rows } from "./rows";

interface Log {
  model: LogModel;
  version: number;
  error: unknown;
}

const NOTHING = () => () => undefined;

/** The log of a task, growing while the task runs. */
export function useLog(
  space: string,
  taskId: string,
  { verbose, whole }: { verbose: boolean; whole: boolean },
  onChange: () => void,
): Log | null {
  const [reader, setReader] = useState<LogReader | null>(null);
  const renew = useRef(onChange);
  useEffect(() => {
    renew.current = onChange;
  });
  useEffect(() => {
    const made = new LogReader({ space, taskId, verbose, whole, onChange: () => renew.current() });
    made.start();
    setReader(made);
    return () => made.stop();
  }, [space, taskId, verbose, whole]);
  const version = useSyncExternalStore(reader?.subscribe ?? NOTHING, reader?.snapshot ?? zero);
  return useMemo(() => (reader ? { model: reader.model, version, error: reader.error } : null), [reader, version]);
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
export function useOpening(log: Log | null, empty: LogModel): Opening {
  const [chosen, setChosen] = useState<ReadonlyMap<number, boolean>>(new Map());
  // What opened by itself stays open when it has ended, so that nothing folds up under the reader's eyes.
  const seen = useRef(new Set<number>());
  const model = log?.model ?? empty;
  const version = log?.version ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the model changes in place, its version tells
  const rows = useMemo(() => {
    const isShort = model.totalLines > 0 && model.totalLines <= SHORT;
    for (const node of model.nodes.values()) if (isShort || OPENS_BY_ITSELF.has(node.Status)) seen.current.add(node.Id);
    return new Rows(model, (node) => chosen.get(node.Id) ?? seen.current.has(node.Id));
  }, [model, version, chosen]);
  return {
    rows,
    toggle: (node) => setChosen((old) => new Map(old).set(node.Id, !(old.get(node.Id) ?? seen.current.has(node.Id)))),
    open: (ids) => setChosen((old) => new Map([...old, ...ids.map((id) => [id, true] as const)])),
    setAll: (open) => setChosen(new Map([...model.nodes.keys()].map((id) => [id, open] as const))),
  };
}
