import type { Shape } from "@/api/client";

type Json = unknown;
type Document = Record<string, Json>;

/** One place of a document that differs. Texts are what stood and what stands there; a secret's text is not known. */
export interface Change {
  /** The way to the place, in names where the parts have some: `Variables`, `Site:Host`, `Value`. */
  path: string[];
  kind: "added" | "removed" | "changed";
  before: string | null;
  after: string | null;
  isSecret: boolean;
}

interface Operation {
  op: "add" | "remove" | "replace";
  path: string;
  value?: Json;
  oldValue?: Json;
}

const SECRET = "(a secret)";
const NEW_SECRET = "(a new secret)";
const KINDS = { add: "added", remove: "removed", replace: "changed" } as const;

/** What lies between the document before and after the change, place by place (the operations of RFC 6902). */
export function changesOf(details: Shape<"ChangeDetails">): Change[] {
  const before = details.DocumentContext ?? {};
  const after = changed(before, details.Differences);
  return operationsOf(details.Differences).map((operation) => {
    const keys = keysOf(operation.path);
    const said = { before: textOf(operation.oldValue), after: textOf(operation.value) };
    return {
      path: namesOf(keys, operation.op === "remove" ? before : after, before),
      kind: KINDS[operation.op],
      before: operation.op === "add" ? null : said.before,
      after: operation.op === "remove" ? null : said.after,
      isSecret: [operation.value, operation.oldValue].some((value) => value === SECRET || value === NEW_SECRET),
    };
  });
}

/** The document after the differences; the one that is given stays as it is. */
export function changed(document: Document, differences: Shape<"ChangeDetails">["Differences"]): Document {
  const copy = structuredClone(document);
  for (const operation of operationsOf(differences)) apply(copy, operation);
  return copy;
}

function operationsOf(differences: Shape<"ChangeDetails">["Differences"]): Operation[] {
  return differences as unknown as Operation[];
}

function apply(document: Document, { op, path, value }: Operation): void {
  const keys = keysOf(path);
  const last = keys.pop();
  const holder = keys.reduce<Json>((at, key) => (at as Document | undefined)?.[key], document);
  if (last === undefined || typeof holder !== "object" || holder === null) return;
  if (!Array.isArray(holder)) {
    if (op === "remove") delete (holder as Document)[last];
    else (holder as Document)[last] = value;
  } else if (op === "remove") holder.splice(Number(last), 1);
  else if (op === "add") holder.splice(Number(last), 0, value);
  else holder[Number(last)] = value;
}

function keysOf(path: string): string[] {
  return path
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Places in lists are told by the name of what stands there, else counted from 1. */
function namesOf(keys: readonly string[], document: Json, other: Json): string[] {
  let [at, aside] = [document, other];
  return keys.map((key) => {
    const isPlace = Array.isArray(at) || Array.isArray(aside);
    at = (at as Document | undefined)?.[key];
    aside = (aside as Document | undefined)?.[key];
    return isPlace ? (nameIn(at) ?? nameIn(aside) ?? String(Number(key) + 1)) : key;
  });
}

function nameIn(value: Json): string | null {
  if (typeof value !== "object" || value === null) return null;
  const { Name, Id } = value as { Name?: Json; Id?: Json };
  return typeof Name === "string" && Name ? Name : typeof Id === "string" && Id ? Id : null;
}

/** A text as it is, everything else as JSON. */
export function textOf(value: Json): string {
  if (value === null || value === undefined) return "(nothing)";
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** A line of a text that was compared. */
export interface DiffLine {
  kind: "same" | "added" | "removed" | "skipped";
  text: string;
  /** Counted from 1; null where the line is not there. */
  before: number | null;
  after: number | null;
}

const AROUND = 3;

interface Part {
  value: string;
  added: boolean;
  removed: boolean;
}

/** The parts that a comparison found as numbered lines; long stretches that are the same are left out. */
export function linesOf(parts: readonly Part[]): DiffLine[] {
  let [before, after] = [0, 0];
  const lines = parts.flatMap((part) =>
    part.value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): DiffLine => {
        if (part.added) return { kind: "added", text, before: null, after: ++after };
        if (part.removed) return { kind: "removed", text, before: ++before, after: null };
        return { kind: "same", text, before: ++before, after: ++after };
      }),
  );
  return shortened(lines);
}

function shortened(lines: readonly DiffLine[]): DiffLine[] {
  const isNear = (index: number) =>
    lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((line) => line.kind !== "same");
  const shown: DiffLine[] = [];
  let skipped = 0;
  const tellSkipped = () => {
    const text = skipped === 1 ? "1 line is the same" : `${skipped} lines are the same`;
    if (skipped > 0) shown.push({ kind: "skipped", text, before: null, after: null });
    skipped = 0;
  };
  lines.forEach((line, index) => {
    if (!isNear(index)) {
      skipped += 1;
      return;
    }
    tellSkipped();
    shown.push(line);
  });
  tellSkipped();
  return shown;
}
