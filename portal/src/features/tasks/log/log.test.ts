import { describe, expect, it } from "vitest";
import { type LogLine, LogModel, type LogNode, type LogPart } from "./log-model";
import { Rows } from "./rows";
import { findMatches, lastFault, piecesOf, withoutControls } from "./search";

function node(Id: number, ParentId: number | null, Name: string, Status = "Success"): LogNode {
  return { Id, ParentId, Key: `k${Id}`, Name, Status, Started: null, Ended: null, Progress: 0, ProgressMessage: "" };
}

function line(number: number, NodeId: number, Text: string): LogLine {
  return { Number: number, NodeId, At: "2026-01-02T03:04:05Z", Level: "Info", Text, Detail: null };
}

const tree = [
  node(0, null, "Deploy"),
  node(1, 0, "Step 1"),
  node(2, 1, "web-1"),
  node(3, 1, "web-2"),
  node(4, 0, "Step 2"),
];

function part(lines: LogLine[], more: Partial<LogPart> = {}): LogPart {
  const last = Math.max(0, ...lines.map((one) => one.Number));
  const whole = { TaskId: "ServerTasks-1", State: "Executing", Nodes: tree, Lines: lines, IsComplete: false };
  return { ...whole, LastNumber: last, TotalLines: last, ...more };
}

function shown(rows: Rows): string[] {
  return Array.from({ length: rows.count }, (_, index) => {
    const row = rows.at(index);
    if (!row) return "nothing";
    return `${" ".repeat(row.depth)}${row.kind === "node" ? row.node.Name : row.line.Text}`;
  });
}

function deployed(): LogModel {
  const model = new LogModel();
  model.append(part([line(1, 0, "begin"), line(2, 2, "a"), line(3, 3, "x")]));
  model.append(part([line(4, 2, "b"), line(5, 4, "done")], { IsComplete: true }));
  return model;
}

describe("a log read in parts", () => {
  it("keeps the lines of each activity together and in order", () => {
    const model = deployed();
    expect(model.linesOf(2).map((one) => one.Text)).toEqual(["a", "b"]);
    expect(model.childrenOf(1)).toEqual([2, 3]);
    expect(model.isComplete).toBe(true);
  });

  it("takes a line in once when a part comes twice", () => {
    const model = deployed();
    model.append(part([line(4, 2, "b"), line(5, 4, "done")]));
    expect(model.linesOf(2)).toHaveLength(2);
    expect(model.lastNumber).toBe(5);
  });

  it("goes on after lines that the filter left out", () => {
    const model = new LogModel();
    model.append(part([line(1, 0, "begin")], { LastNumber: 40, TotalLines: 40 }));
    expect(model.lastNumber).toBe(40);
  });

  it("is at its end at once when it is very long, and knows what it passed over", () => {
    const model = new LogModel();
    model.append(part([line(1, 0, "begin")], { LastNumber: 5000, TotalLines: 1_000_000 }));
    model.passOver();
    expect([model.lastNumber, model.leftOut]).toEqual([990_000, 985_000]);
    model.append(part([line(990_001, 2, "late")], { LastNumber: 1_000_000, TotalLines: 1_000_000 }));
    expect([model.lastNumber, model.leftOut]).toEqual([1_000_000, 985_000]);
    const short = deployed();
    short.passOver();
    expect([short.lastNumber, short.leftOut]).toEqual([5, 0]);
  });

  it("tells the way to an activity from the outside in", () => {
    expect(deployed().pathTo(3)).toEqual([1, 3]);
  });
});

describe("the rows of a log", () => {
  it("show the tree with its lines where all is open", () => {
    const rows = new Rows(deployed(), () => true);
    expect(shown(rows)).toEqual(["begin", "Step 1", " web-1", "  a", "  b", " web-2", "  x", "Step 2", " done"]);
  });

  it("show what the task says at its end after its activities", () => {
    const model = deployed();
    model.append(part([line(6, 0, "Step 2 failed")]));
    const rows = new Rows(model, () => true);
    expect(shown(rows).at(0)).toBe("begin");
    expect(shown(rows).at(-1)).toBe("Step 2 failed");
    expect(rows.indexOfLine(0, 1)).toBe(rows.count - 1);
  });

  it("hide what is below a closed activity", () => {
    const rows = new Rows(deployed(), (one) => one.Id === 4);
    expect(shown(rows)).toEqual(["begin", "Step 1", "Step 2", " done"]);
    expect(rows.indexOfLine(2, 0)).toBeNull();
  });

  it("find a line's place and keep its key when rows above it appear", () => {
    const all = new Rows(deployed(), () => true);
    const few = new Rows(deployed(), (one) => one.Id === 4);
    const before = few.indexOfLine(4, 0);
    const after = all.indexOfLine(4, 0);
    expect([before, after]).toEqual([3, 8]);
    expect(few.keyOf(before ?? -1)).toBe(all.keyOf(after ?? -1));
  });

  it("reach any line of a long activity", () => {
    const model = new LogModel();
    model.append(part(Array.from({ length: 1000 }, (_, index) => line(index + 1, 2, `line ${index}`))));
    const rows = new Rows(model, () => true);
    expect(rows.count).toBe(1004);
    expect(rows.at(501)).toMatchObject({ kind: "line", line: { Text: "line 499" } });
  });
});

describe("a log of which only some lines were read", () => {
  it("shows the activities that have them, and no others", () => {
    const model = new LogModel();
    model.append(part([line(7, 3, "broken")], { TotalLines: 50, LastNumber: 50 }));
    const rows = new Rows(model, () => true, true);
    expect(shown(rows)).toEqual(["Step 1", " web-2", "  broken"]);
  });
});

describe("a row's anchor", () => {
  it("finds the row again when others have come before it", () => {
    const few = new Rows(deployed(), (one) => one.Id === 4);
    const all = new Rows(deployed(), () => true);
    for (const index of [1, 2, 3]) {
      const anchor = few.anchorAt(index);
      expect(anchor && all.keyOf(all.indexOf(anchor) ?? -1)).toBe(few.keyOf(index));
    }
    expect(few.indexOf({ node: 2, position: 0 })).toBeNull();
    expect([...all.heads()]).toEqual([1, 2, 5, 7]);
  });
});

describe("the last error of a log", () => {
  it("is found wherever it stands", () => {
    const model = deployed();
    expect(lastFault(model)).toBeNull();
    model.append(
      part([{ ...line(6, 2, "first"), Level: "Error" }, { ...line(7, 3, "last"), Level: "Fatal" }, line(8, 2, "x")]),
    );
    expect(lastFault(model)).toEqual({ node: 3, position: 1, number: 7 });
  });
});

describe("a search in a log", () => {
  it("finds lines in the order of the screen, whatever their case", () => {
    const model = new LogModel();
    model.append(part([line(1, 4, "Error: disk full"), line(2, 2, "no error here"), line(3, 3, "fine")]));
    expect(findMatches(model, "ERROR").map((match) => match.number)).toEqual([2, 1]);
    expect(findMatches(model, "  ")).toEqual([]);
  });

  it("marks what was sought and makes addresses links", () => {
    expect(piecesOf("See https://web-1:8443/health, it is healthy.", "Health")).toEqual([
      { text: "See ", kind: "plain" },
      { text: "https://web-1:8443/health", kind: "link" },
      { text: ", it is ", kind: "plain" },
      { text: "health", kind: "match" },
      { text: "y.", kind: "plain" },
    ]);
  });

  it("drops a terminal's colours", () => {
    expect(withoutControls("\u001b[32mgreen\u001b[0m and plain")).toBe("green and plain");
  });
});
