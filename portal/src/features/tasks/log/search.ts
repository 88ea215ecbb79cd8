import type { LogModel } from "./log-model";

export interface Match {
  node: number;
  /** The line's place among the lines of its activity. */
  position: number;
  number: number;
}

/** Every line that has the words, whatever their case, in the order in which the screen shows lines. */
export function findMatches(model: LogModel, words: string): Match[] {
  const sought = words.trim().toLowerCase();
  if (sought === "") return [];
  const found: Match[] = [];
  const visit = (node: number) => {
    for (const [position, line] of model.linesOf(node).entries()) {
      if (line.Text.toLowerCase().includes(sought)) found.push({ node, position, number: line.Number });
    }
    for (const child of model.childrenOf(node)) visit(child);
  };
  visit(model.root);
  return found;
}

const FAULTS = new Set(["Error", "Fatal"]);

/** The last line that is an error; null when none is. */
export function lastFault(model: LogModel): Match | null {
  let last: Match | null = null;
  for (const [node, lines] of model.lines) {
    for (let position = lines.length - 1; position >= 0; position -= 1) {
      const line = lines[position];
      if (!line || (last && line.Number <= last.number)) break;
      if (FAULTS.has(line.Level)) last = { node, position, number: line.Number };
    }
  }
  return last;
}

export interface Piece {
  text: string;
  kind: "plain" | "match" | "link";
}

const LINK = /https?:\/\/[^\s<>"'`]+[^\s<>"'`.,;:!?)\]}]/g;

/** A line's text in pieces: what was sought is marked, addresses become links. */
export function piecesOf(text: string, words: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const found of text.matchAll(LINK)) {
    pieces.push(...markedPieces(text.slice(from, found.index), words), { text: found[0], kind: "link" });
    from = found.index + found[0].length;
  }
  pieces.push(...markedPieces(text.slice(from), words));
  return pieces;
}

function markedPieces(text: string, words: string): Piece[] {
  const sought = words.trim().toLowerCase();
  if (sought === "") return text === "" ? [] : [{ text, kind: "plain" }];
  const pieces: Piece[] = [];
  const lower = text.toLowerCase();
  let from = 0;
  for (let at = lower.indexOf(sought); at !== -1; at = lower.indexOf(sought, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), kind: "plain" });
    pieces.push({ text: text.slice(at, at + sought.length), kind: "match" });
    from = at + sought.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), kind: "plain" });
  return pieces;
}

// Colours and cursor movements of terminals: the log has its own.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these sequences begin with one
const CONTROL = /\u001b(?:\[[0-9;?]*[A-Za-z]|\][^\u0007]*\u0007|[@-_])/g;

export function withoutControls(text: string): string {
  return text.includes("\u001b") ? text.replace(CONTROL, "") : text;
}
