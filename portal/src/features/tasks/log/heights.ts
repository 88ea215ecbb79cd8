/** Rows for which one sum of heights is kept. */
const BLOCK = 512;

/**
 * Where rows stand of which most have the usual height: a million of them cost nothing but those that differ. All
 * positions are in pixels from the top of the first row.
 */
export class Heights {
  private readonly more = new Map<number, number>();
  private readonly blocks: Float64Array;
  private sum = 0;

  constructor(
    readonly count: number,
    private readonly usual: number,
  ) {
    this.blocks = new Float64Array(Math.ceil(count / BLOCK));
  }

  /** Notes how high a row is; answers by how much that differs from what was thought. */
  set(index: number, height: number): number {
    if (index < 0 || index >= this.count) return 0;
    const difference = height - this.of(index);
    if (difference === 0) return 0;
    this.more.set(index, height - this.usual);
    const block = Math.floor(index / BLOCK);
    this.blocks[block] = (this.blocks[block] ?? 0) + difference;
    this.sum += difference;
    return difference;
  }

  of(index: number): number {
    return this.usual + (this.more.get(index) ?? 0);
  }

  get total(): number {
    return this.count * this.usual + this.sum;
  }

  startOf(index: number): number {
    const block = Math.floor(index / BLOCK);
    let start = index * this.usual;
    for (let before = 0; before < block; before += 1) start += this.blocks[before] ?? 0;
    for (let row = block * BLOCK; row < index; row += 1) start += this.more.get(row) ?? 0;
    return start;
  }

  /** The row at a position; the first or the last one where it lies outside. */
  at(position: number): number {
    let start = 0;
    for (const [block, more] of this.blocks.entries()) {
      const first = block * BLOCK;
      const rows = Math.min(BLOCK, this.count - first);
      const height = rows * this.usual + more;
      if (position < start + height || first + rows >= this.count) return this.within(first, rows, start, position);
      start += height;
    }
    return 0;
  }

  private within(first: number, rows: number, start: number, position: number): number {
    let end = start;
    for (let row = first; row < first + rows; row += 1) {
      end += this.of(row);
      if (position < end) return row;
    }
    return Math.max(0, this.count - 1);
  }
}
