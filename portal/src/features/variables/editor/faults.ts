import { type Fault, faultsOf } from "@/lib/faults";
import type { Column } from "../grid/columns";

export interface CellFault {
  id: string;
  column: Column;
  sentence: string;
}

const FIELD = /^Variables\[(\d+)\](?:\.(\w+))?/;
const COLUMN_OF: Record<string, Column> = {
  Name: "name",
  Id: "name",
  Description: "name",
  Prompt: "name",
  Value: "value",
  Secret: "value",
  Scope: "scope",
  Type: "type",
};

/** The faults of a refusal at their cells, and those that belong to none. `ids` are the variables as they were sent. */
export function cellFaults(error: unknown, ids: readonly string[]): { cells: CellFault[]; others: Fault[] } {
  const cells: CellFault[] = [];
  const others: Fault[] = [];
  for (const fault of faultsOf(error)) {
    const found = FIELD.exec(fault.field ?? "");
    const id = found ? ids[Number(found[1])] : undefined;
    if (id === undefined) others.push(fault);
    else cells.push({ id, column: COLUMN_OF[found?.[2] ?? ""] ?? "name", sentence: fault.sentence });
  }
  return { cells, others };
}
