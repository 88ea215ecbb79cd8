import type { LogLine, LogModel, LogNode } from "./log-model";

/** A stretch of rows that belong together. A million lines are one stretch: nothing is made for each line. */
interface Stretch {
  start: number;
  count: number;
  depth: number;
  node: number;
  isHead: boolean;
  /** The place of the first line among those of its activity. */
  from: number;
}

export type Row =
  | { kind: "node"; node: LogNode; depth: number; isOpen: boolean; isLeaf: boolean }
  | { kind: "line"; line: LogLine; depth: number };

/** A row by what it shows, which stays when rows come and go around it: an activity's head, or one of its lines. */
export interface Anchor {
  node: number;
  /** The line's place among those of its activity; null for the head. */
  position: number | null;
}

/** What the log shows when some activities are open and others closed: any row by its index. */
export class Rows {
  readonly count: number;
  private readonly stretches: Stretch[] = [];
  private readonly ofNode = new Map<number, Stretch[]>();
  private readonly speaking: ReadonlySet<number> | null;

  /** `isSieved`: only some lines have been read, so that activities without any are of no interest. */
  constructor(
    private readonly model: LogModel,
    private readonly isOpen: (node: LogNode) => boolean,
    isSieved = false,
  ) {
    this.speaking = isSieved ? model.speaking() : null;
    // The task's own lines stand where they belong in time: before all activities, or after them.
    const before = model.linesBeforeActivities();
    let start = this.addLines(model.root, 0, 0, 0, before);
    for (const child of model.childrenOf(model.root)) start = this.addNode(child, 0, start);
    this.count = this.addLines(model.root, 0, start, before);
  }

  private addNode(id: number, depth: number, start: number): number {
    const node = this.model.nodes.get(id);
    if (!node || (this.speaking && !this.speaking.has(id))) return start;
    this.keep({ start, count: 1, depth, node: id, isHead: true, from: 0 });
    if (!this.isOpen(node)) return start + 1;
    let next = this.addLines(id, depth + 1, start + 1);
    for (const child of this.model.childrenOf(id)) next = this.addNode(child, depth + 1, next);
    return next;
  }

  private addLines(id: number, depth: number, start: number, from = 0, to = this.model.linesOf(id).length): number {
    if (to <= from) return start;
    this.keep({ start, count: to - from, depth, node: id, isHead: false, from });
    return start + to - from;
  }

  private keep(stretch: Stretch): void {
    this.stretches.push(stretch);
    const known = this.ofNode.get(stretch.node);
    if (known) known.push(stretch);
    else this.ofNode.set(stretch.node, [stretch]);
  }

  /** The places of all heads of activities. */
  *heads(): Generator<number> {
    for (const stretch of this.stretches) if (stretch.isHead) yield stretch.start;
  }

  anchorAt(index: number): Anchor | null {
    const stretch = this.stretchAt(index);
    if (!stretch) return null;
    return { node: stretch.node, position: stretch.isHead ? null : stretch.from + index - stretch.start };
  }

  /** Where an anchor stands now; null where its row is not shown. */
  indexOf({ node, position }: Anchor): number | null {
    if (position !== null) return this.indexOfLine(node, position);
    return this.ofNode.get(node)?.find((stretch) => stretch.isHead)?.start ?? null;
  }

  at(index: number): Row | null {
    const stretch = this.stretchAt(index);
    if (!stretch) return null;
    const node = this.model.nodes.get(stretch.node);
    if (stretch.isHead) {
      if (!node) return null;
      const isLeaf = this.model.isLeaf(node.Id);
      return { kind: "node", node, depth: stretch.depth, isOpen: this.isOpen(node), isLeaf };
    }
    const line = this.model.linesOf(stretch.node)[stretch.from + index - stretch.start];
    return line ? { kind: "line", line, depth: stretch.depth } : null;
  }

  /** A name for a row that stays while rows come and go around it. */
  keyOf(index: number): string | number {
    const row = this.at(index);
    if (!row) return `none-${index}`;
    return row.kind === "node" ? `node-${row.node.Id}` : row.line.Number;
  }

  /** Where a line stands; null while an activity around it is closed. */
  indexOfLine(node: number, position: number): number | null {
    const holds = (one: Stretch) => !one.isHead && position >= one.from && position < one.from + one.count;
    const found = this.ofNode.get(node)?.find(holds);
    return found ? found.start + position - found.from : null;
  }

  private stretchAt(index: number): Stretch | undefined {
    let low = 0;
    let high = this.stretches.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.stretches[middle];
      if (!found) return undefined;
      if (index < found.start) high = middle - 1;
      else if (index >= found.start + found.count) low = middle + 1;
      else return found;
    }
    return undefined;
  }
}
