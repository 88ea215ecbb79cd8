import type { PastedVariable } from "./pasted";

/** Columns of a spreadsheet or of a CSV file, with a line of heads or without. */
export function readTable(text: string): { variables: PastedVariable[]; faults: string[] } {
  const lines = cellsOf(text);
  const heads = headsOf(lines[0] ?? []);
  const faults: string[] = [];
  const variables = lines.slice(heads ? 1 : 0).flatMap((cells, index) => {
    const read = readLine(cells, heads);
    if (read === null) faults.push(`Line ${index + (heads ? 2 : 1)} has no name.`);
    return read ? [read] : [];
  });
  return { variables, faults };
}

type Meaning = "name" | "value" | "type" | "description" | { dimension: string | null };

const HEADS: Record<string, Meaning> = {
  name: "name",
  variable: "name",
  key: "name",
  value: "value",
  type: "type",
  description: "description",
  scope: { dimension: null },
  environment: { dimension: "Environment" },
  environments: { dimension: "Environment" },
  role: { dimension: "Role" },
  roles: { dimension: "Role" },
  "target tag": { dimension: "Role" },
  "target tags": { dimension: "Role" },
  target: { dimension: "Machine" },
  targets: { dimension: "Machine" },
  machine: { dimension: "Machine" },
  step: { dimension: "Action" },
  steps: { dimension: "Action" },
  action: { dimension: "Action" },
  channel: { dimension: "Channel" },
  channels: { dimension: "Channel" },
  "tenant tag": { dimension: "TenantTag" },
  "tenant tags": { dimension: "TenantTag" },
  process: { dimension: "ProcessOwner" },
  processes: { dimension: "ProcessOwner" },
};

/** The first line names columns if one of them is the name. */
function headsOf(cells: readonly string[]): (Meaning | null)[] | null {
  const heads = cells.map((cell) => HEADS[cell.trim().toLowerCase()] ?? null);
  return heads.includes("name") ? heads : null;
}

const BARE: Meaning[] = ["name", "value", { dimension: null }];

function readLine(cells: readonly string[], heads: (Meaning | null)[] | null): PastedVariable | null {
  const read: PastedVariable = { name: "", value: "", scope: [] };
  for (const [index, cell] of cells.entries()) {
    const meaning = (heads ?? BARE)[index];
    if (!meaning || cell === "") continue;
    if (typeof meaning === "string") read[meaning] = cell;
    else read.scope.push({ dimension: meaning.dimension, words: cell.split(/[;,|]/).map((word) => word.trim()) });
  }
  read.name = read.name.trim();
  return read.name === "" ? null : read;
}

/** What separates the cells: what the first line has most of, outside of quotes. */
function separatorOf(text: string): string {
  const first = (text.split(/\r?\n/).find((line) => line.trim() !== "") ?? "").replace(/"[^"]*"/g, "");
  const counts = ["\t", ";", ","].map((sign) => ({ sign, count: first.split(sign).length - 1 }));
  counts.sort((one, other) => other.count - one.count);
  return counts[0] && counts[0].count > 0 ? counts[0].sign : "\t";
}

/** Lines of cells. A cell in quotes may hold separators, line ends and doubled quotes. Empty lines are none. */
function cellsOf(text: string): string[][] {
  const separator = separatorOf(text);
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endLine = () => {
    line.push(cell);
    if (line.some((one) => one.trim() !== "")) lines.push(line);
    line = [];
    cell = "";
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"' && cell.trim() === "") {
      isQuoted = true;
      cell = "";
    } else if (sign === separator) {
      line.push(cell);
      cell = "";
    } else if (sign === "\n") endLine();
    else if (sign !== "\r") cell += sign;
  }
  endLine();
  return lines;
}
