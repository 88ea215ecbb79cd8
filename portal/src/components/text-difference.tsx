import { Text } from "@mantine/core";
import { diffLines } from "diff";
import classes from "./text-difference.module.css";

interface Props {
  before: string | null;
  after: string | null;
}

/** How a text has changed: short ones side by side, longer ones line by line. */
export function TextDifference({ before, after }: Props) {
  const isLong = [before, after].some((text) => text?.includes("\n"));
  if (!isLong || before === null || after === null) {
    return (
      <div className={classes.pair}>
        {before !== null && <Side kind="removed" text={before} word="was" />}
        {after !== null && <Side kind="added" text={after} word="is" />}
      </div>
    );
  }
  return (
    <pre className={classes.lines}>
      {linesOf(before, after).map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: equal lines have no other key
        <div key={index} data-kind={line.kind} className={classes.line}>
          <span className={classes.mark}>{MARKS[line.kind]}</span>
          {line.text || " "}
        </div>
      ))}
    </pre>
  );
}

const MARKS = { added: "+", removed: "−", same: " ", gap: "⋯" } as const;

function Side({ kind, text, word }: { kind: "added" | "removed"; text: string; word: string }) {
  return (
    <div className={classes.side} data-kind={kind}>
      <Text span size="xs" c="dimmed" className={classes.word}>
        {word}
      </Text>
      <code className={classes.text}>{text === "" ? "empty" : text}</code>
    </div>
  );
}

export interface Line {
  kind: "added" | "removed" | "same" | "gap";
  text: string;
}

const AROUND = 2;

/** The lines that came and went, with two that stayed around each; what lies between is a gap. */
export function linesOf(before: string, after: string): Line[] {
  const all = diffLines(before, after).flatMap((part) => {
    const kind: Line["kind"] = part.added ? "added" : part.removed ? "removed" : "same";
    return part.value
      .replace(/\n$/, "")
      .split("\n")
      .map((text): Line => ({ kind, text }));
  });
  const isNear = (index: number) =>
    all.slice(Math.max(0, index - AROUND), index + AROUND + 1).some((line) => line.kind !== "same");
  const kept: Line[] = [];
  for (const [index, line] of all.entries()) {
    if (isNear(index)) kept.push(line);
    else if (kept.at(-1)?.kind !== "gap") kept.push({ kind: "gap", text: "" });
  }
  return kept;
}
