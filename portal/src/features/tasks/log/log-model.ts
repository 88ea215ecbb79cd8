import type { Shape } from "@/api/client";

export type LogNode = Shape<"LogTreeNode">;
export type LogLine = Shape<"LogTreeLine">;
export type LogPart = Shape<"TaskLogPart">;

const ROOT = 0;
/** A log of more lines is not read whole unless somebody asks for it, so that its end is there at once. */
const LONG = 50_000;
const LAST_LINES = 10_000;

/** A task's log as it has been read so far: the tree as it was last seen, and each activity's own lines in order. */
export class LogModel {
  readonly nodes = new Map<number, LogNode>();
  readonly children = new Map<number, number[]>();
  readonly lines = new Map<number, LogLine[]>();
  lastNumber = 0;
  totalLines = 0;
  isComplete = false;
  /** How many lines between the first ones and the last ones were passed over. */
  leftOut = 0;

  /** Takes in a part that follows what is here. The tree comes whole each time; lines come once. */
  append(part: LogPart): void {
    this.nodes.clear();
    this.children.clear();
    for (const node of part.Nodes) {
      this.nodes.set(node.Id, node);
      if (node.ParentId !== null) push(this.children, node.ParentId, node.Id);
    }
    for (const line of part.Lines) if (line.Number > this.lastNumber) push(this.lines, line.NodeId, line);
    this.lastNumber = Math.max(this.lastNumber, part.LastNumber);
    this.totalLines = part.TotalLines;
    this.isComplete = part.IsComplete;
  }

  /** From the beginning of a long log to its last lines: what is read next are those. */
  passOver(): void {
    const next = this.totalLines - LAST_LINES;
    if (this.totalLines <= LONG || next <= this.lastNumber) return;
    this.leftOut = next - this.lastNumber;
    this.lastNumber = next;
  }

  linesOf(id: number): readonly LogLine[] {
    return this.lines.get(id) ?? [];
  }

  childrenOf(id: number): readonly number[] {
    return this.children.get(id) ?? [];
  }

  get root(): number {
    return ROOT;
  }

  /** The activities that have lines, or that have such an activity below them. */
  speaking(): Set<number> {
    const found = new Set<number>();
    for (const id of this.lines.keys()) for (const one of this.pathTo(id)) found.add(one);
    return found;
  }

  isLeaf(id: number): boolean {
    return this.linesOf(id).length === 0 && this.childrenOf(id).length === 0;
  }

  /** How many of the task's own lines came before any activity spoke; the others follow the activities. */
  linesBeforeActivities(): number {
    let first = Number.POSITIVE_INFINITY;
    for (const [node, lines] of this.lines) if (node !== ROOT) first = Math.min(first, lines[0]?.Number ?? first);
    const after = this.linesOf(ROOT).findIndex((line) => line.Number > first);
    return after === -1 ? this.linesOf(ROOT).length : after;
  }

  /** The activities around one, from the outermost in; the task itself is not among them. */
  pathTo(id: number): number[] {
    const path: number[] = [];
    for (let at: number | null = id; at !== null && at !== ROOT; at = this.nodes.get(at)?.ParentId ?? null)
      path.unshift(at);
    return path;
  }
}

function push<T>(lists: Map<number, T[]>, key: number, value: T): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
