import { diffLines } from "diff";
import classes from "./audit.module.css";
import { type DiffLine, linesOf } from "./differences";

const SIGNS = { same: "", added: "+", removed: "−", skipped: "" } as const;
const WORDS = { same: "", added: "added: ", removed: "removed: ", skipped: "" } as const;

/** Two texts as one, line by line: what is gone in red with a minus, what has come in green with a plus. */
export function TextDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = linesOf(diffLines(before, after));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long line is read by scrolling, also with the keyboard
    <section className={classes.diff} aria-label={label} tabIndex={0}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other key, and are never moved
        <Line key={index} line={line} />
      ))}
    </section>
  );
}

function Line({ line }: { line: DiffLine }) {
  return (
    <div className={classes.line} data-kind={line.kind}>
      <span className={classes.number} aria-hidden>
        {line.before}
      </span>
      <span className={classes.number} aria-hidden>
        {line.after}
      </span>
      <span aria-hidden>{SIGNS[line.kind]}</span>
      <span className={classes.text}>
        <span className="spoken">{WORDS[line.kind]}</span>
        {line.text}
      </span>
    </div>
  );
}
