import { useMutation } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import type { Fault } from "@/lib/faults";
import type { Saving, VariableSet } from "../api";
import type { Column } from "../grid/columns";
import { type CellFault, cellFaults } from "./faults";
import type { Variables } from "./use-variables";

export interface SavingState {
  save: () => void;
  isPending: boolean;
  error: unknown;
  /** The faults of the last refusal that belong to a cell, and the others. */
  faults: readonly CellFault[];
  others: readonly Fault[];
  faultyCells: ReadonlyMap<string, ReadonlySet<Column>>;
  forget: () => void;
  message: string;
  setMessage: (message: string) => void;
}

export function useSaving(
  { draft, before, after }: Variables,
  save: (saving: Saving) => Promise<VariableSet>,
  onSaved: () => void,
): SavingState {
  const [message, setMessage] = useState("");
  const sent = useRef<string[]>([]);
  const { mutate, isPending, error, reset } = useMutation({
    mutationFn: (saving: Saving) => save(saving),
  });
  const { cells, others } = useMemo(() => cellFaults(error, sent.current), [error]);
  const faultyCells = useMemo(() => {
    const found = new Map<string, Set<Column>>();
    for (const { id, column } of cells) found.set(id, (found.get(id) ?? new Set<Column>()).add(column));
    return found;
  }, [cells]);
  return {
    save: () => {
      sent.current = after.map((one) => one.Id);
      const onSuccess = (saved: VariableSet) => {
        draft.accept({ version: saved.Version, variables: saved.Variables });
        setMessage("");
        onSaved();
      };
      // With the draft as it is now: what is changed while it is being saved stays.
      mutate({ version: draft.base.version, before, variables: after, message }, { onSuccess });
    },
    isPending,
    error,
    faults: cells,
    others,
    faultyCells,
    forget: reset,
    message,
    setMessage,
  };
}
