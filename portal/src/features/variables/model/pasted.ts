import { readTable } from "./tables";

/** A variable as a pasted text has it: words, of which the dialog makes ids. */
export interface PastedVariable {
  name: string;
  value: string;
  type?: string;
  description?: string;
  /** By the heads of the columns, or by the names of dimensions: the words in them. */
  scope: { dimension: string | null; words: string[] }[];
}

export type PastedFormat = "json" | "table" | "env";

export interface Pasted {
  format: PastedFormat;
  variables: PastedVariable[];
  /** Lines and members that could not be read, in a sentence each. */
  faults: string[];
}

/** Reads what people have: JSON, columns from a spreadsheet or a CSV file, or lines of `NAME=value`. */
export function readPasted(text: string): Pasted {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") return { format: "env", variables: [], faults: [] };
  if (/^[[{]/.test(trimmed)) return readJson(trimmed);
  if (isEnv(trimmed)) return readEnv(trimmed);
  return { format: "table", ...readTable(text) };
}

const ENV_LINE = /^(?:export\s+)?([^\s=,;"'\t][^=,;\t]*?)\s*=(.*)$/;

/** Most lines assign something, and the first one that says anything is no row of columns. */
function isEnv(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.trim().startsWith("#"));
  const first = lines[0] ?? "";
  return ENV_LINE.test(first.trim()) && !/\t/.test(first.split("=")[0] ?? "");
}

function readEnv(text: string): Pasted {
  const variables: PastedVariable[] = [];
  const faults: string[] = [];
  const lines = text.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? "").trim();
    if (line === "" || line.startsWith("#")) continue;
    const found = ENV_LINE.exec(line);
    if (!found) {
      faults.push(`Line ${index + 1} is no assignment: ${short(line)}`);
      continue;
    }
    let value = (found[2] ?? "").trim();
    const quote = value[0];
    if (quote === '"' || quote === "'") {
      while (!isClosed(value, quote) && index + 1 < lines.length) {
        index += 1;
        value += `\n${lines[index] ?? ""}`;
      }
      value = unquoted(value, quote);
    } else value = value.replace(/\s+#.*$/, "");
    variables.push({ name: (found[1] ?? "").trim(), value, scope: [] });
  }
  return { format: "env", variables, faults };
}

function isClosed(value: string, quote: string): boolean {
  return closingOf(value, quote) > 0;
}

function closingOf(value: string, quote: string): number {
  for (let at = 1; at < value.length; at += 1) {
    if (value[at] === "\\" && quote === '"') at += 1;
    else if (value[at] === quote) return at;
  }
  return -1;
}

function unquoted(value: string, quote: string): string {
  const end = closingOf(value, quote);
  const inner = end < 0 ? value.slice(1) : value.slice(1, end);
  if (quote === "'") return inner;
  const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t" };
  return inner.replace(/\\(.)/gs, (_all, letter: string) => escapes[letter] ?? letter);
}

function readJson(text: string): Pasted {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { format: "json", variables: [], faults: [`This is no valid JSON: ${why}`] };
  }
  const faults: string[] = [];
  const held = heldBy(document);
  const list = Array.isArray(held) ? held : null;
  if (list) {
    const variables = list.flatMap((one, index) => {
      const read = readMember(one);
      if (!read) faults.push(`Member ${index + 1} has no name.`);
      return read ? [read] : [];
    });
    return { format: "json", variables, faults };
  }
  const variables: PastedVariable[] = [];
  flatten("", held, variables);
  return { format: "json", variables, faults };
}

/** A variable set as the API gives it has its variables inside. */
function heldBy(document: unknown): unknown {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return document;
  const inner = (document as Record<string, unknown>).Variables ?? (document as Record<string, unknown>).variables;
  return Array.isArray(inner) ? inner : document;
}

function readMember(member: unknown): PastedVariable | null {
  if (typeof member !== "object" || member === null) return null;
  const given = new Map(Object.entries(member).map(([key, value]) => [key.toLowerCase(), value]));
  const name = textOf(given.get("name") ?? given.get("key"));
  if (!name.trim()) return null;
  const scope = given.get("scope");
  const words = typeof scope === "object" && scope !== null && !Array.isArray(scope) ? Object.entries(scope) : [];
  return {
    name,
    value: textOf(given.get("value")),
    ...(given.get("type") ? { type: textOf(given.get("type")) } : {}),
    ...(given.get("description") ? { description: textOf(given.get("description")) } : {}),
    scope: words.map(([dimension, list]) => ({ dimension, words: [list].flat().map(textOf) })),
  };
}

/** Members of members are named with a colon, as in configuration files of .NET: `Logging:Level`. */
function flatten(prefix: string, value: unknown, found: PastedVariable[]): void {
  if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) flatten(prefix ? `${prefix}:${key}` : key, member, found);
  } else if (prefix) found.push({ name: prefix, value: textOf(value), scope: [] });
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
