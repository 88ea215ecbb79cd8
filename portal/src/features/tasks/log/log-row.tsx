import { IconChevronRight } from "@tabler/icons-react";
import { memo } from "react";
import { StateIcon } from "@/components/state";
import { Elapsed, tellExactly } from "@/components/time";
import { conditionOfNode, WORDS } from "@/lib/state";
import { clockTime } from "@/lib/time";
import classes from "./log.module.css";
import type { LogLine, LogNode } from "./log-model";
import { piecesOf, withoutControls } from "./search";

interface HeadProps {
  node: LogNode;
  depth: number;
  isOpen: boolean;
  isLeaf: boolean;
  onToggle: (node: LogNode) => void;
}

export function HeadRow({ node, depth, isOpen, isLeaf, onToggle }: HeadProps) {
  const condition = conditionOfNode(node.Status);
  return (
    <button
      type="button"
      className={classes.head}
      style={{ paddingLeft: 10 + depth * 20 }}
      aria-expanded={isLeaf ? undefined : isOpen}
      data-depth={depth}
      onClick={() => onToggle(node)}
    >
      <IconChevronRight size={14} className={classes.chevron} data-open={isOpen} data-hidden={isLeaf} aria-hidden />
      <StateIcon of={condition} size={16} />
      <span className={classes.name}>{node.Name}</span>
      <span className={classes.spoken}>, {WORDS[condition]}</span>
      {node.Status === "Running" && node.ProgressMessage && (
        <span className={classes.progress}>
          {node.Progress > 0 ? `${node.Progress} % · ` : ""}
          {node.ProgressMessage}
        </span>
      )}
      <span className={classes.length}>
        <Elapsed from={node.Started} to={node.Ended} />
      </span>
    </button>
  );
}

interface LineProps {
  line: LogLine;
  depth: number;
  sought: string;
  isCurrent: boolean;
}

export const LineRow = memo(function LineRow({ line, depth, sought, isCurrent }: LineProps) {
  return (
    <div className={classes.line} data-level={line.Level} data-current={isCurrent || undefined}>
      <time className={classes.time} dateTime={line.At} onMouseEnter={tellExactly}>
        {clockTime(line.At)}
      </time>
      <span className={classes.text} style={{ marginLeft: depth * 20 }}>
        <Marked text={withoutControls(line.Text)} sought={sought} />
        {line.Detail && <span className={classes.detail}>{withoutControls(line.Detail)}</span>}
      </span>
    </div>
  );
});

/** A text with what was sought marked, and its addresses as links. */
export function Marked({ text, sought }: { text: string; sought: string }) {
  return piecesOf(text, sought).map((piece, index) => {
    const key = `${index}-${piece.kind}`;
    if (piece.kind === "match") return <mark key={key}>{piece.text}</mark>;
    // Bare text: most lines are nothing else, and a log that is scrolled fast draws thousands of them a second.
    if (piece.kind === "plain") return piece.text;
    return (
      <a key={key} href={piece.text} target="_blank" rel="noreferrer noopener">
        {piece.text}
      </a>
    );
  });
}
