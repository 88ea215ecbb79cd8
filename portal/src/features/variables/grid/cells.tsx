import {
  IconAlertTriangle,
  IconCertificate,
  IconKey,
  IconLock,
  IconMessageQuestion,
  IconServer,
} from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import type { Conflict } from "../model/conflicts";
import { type Chip, wordOfDimension } from "../model/scope";
import { isKeptByServer, isSecret, kindOfValue, type Variable } from "../model/variable";
import classes from "./grid.module.css";

/** Cells as they are read. Thousands of them are scrolled through, so they are bare elements. */

export const NameCell = memo(function NameCell({ variable, isFirst }: { variable: Variable; isFirst: boolean }) {
  return (
    <>
      {variable.Name ? (
        <span className={isFirst ? classes.name : classes.again}>{variable.Name}</span>
      ) : (
        <span className={classes.none}>no name yet</span>
      )}
      {variable.Prompt && (
        <span className={classes.sign}>
          <IconMessageQuestion size={14} aria-hidden />
          <span className="spoken">, asked for when deploying</span>
        </span>
      )}
      {variable.Description && <span className={classes.about}>{variable.Description}</span>}
    </>
  );
});

const SIGNS = { certificates: IconCertificate, accounts: IconKey, workerpools: IconServer };

export const ValueCell = memo(function ValueCell({ variable, named }: { variable: Variable; named: string | null }) {
  if (isSecret(variable)) return <Secret variable={variable} />;
  const value = variable.Value ?? "";
  if (value === "") return <span className={classes.none}>empty</span>;
  const kind = kindOfValue(variable.Type);
  if (kind) {
    const Sign = SIGNS[kind];
    return (
      <>
        <Sign size={14} className={classes.sign} aria-hidden />
        <span className={classes.text}>{named ?? value}</span>
      </>
    );
  }
  const lines = value.split("\n");
  return (
    <>
      <span className={classes.value}>{marked(lines[0] ?? "")}</span>
      {lines.length > 1 && <span className={classes.more}>{lines.length} lines</span>}
    </>
  );
});

function Secret({ variable }: { variable: Variable }) {
  const isTyped = Boolean(variable.Value);
  return (
    <>
      <IconLock size={14} className={classes.sign} aria-hidden />
      {isTyped && <span className={classes.text}>new secret</span>}
      {!isTyped && isKeptByServer(variable) && (
        <span className={classes.dots}>
          <span aria-hidden>••••••••</span>
          <span className="spoken">a secret</span>
        </span>
      )}
      {!isTyped && !isKeptByServer(variable) && <span className={classes.none}>no secret yet</span>}
    </>
  );
}

/** Shows where a text will be replaced by another variable's value. */
export function marked(text: string): ReactNode {
  if (!text.includes("#{")) return text;
  return text.split(/(#\{[^{}\n]*\})/).map((part, index) =>
    part.startsWith("#{") ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text have no other key
      <span key={index} className={classes.substituted}>
        {part}
      </span>
    ) : (
      part
    ),
  );
}

export const ScopeCell = memo(function ScopeCell({
  chips,
  conflict,
}: {
  chips: readonly Chip[];
  conflict: Conflict | null;
}) {
  const shown = fitting(chips);
  return (
    <>
      {conflict && (
        <span className={classes.warning}>
          <IconAlertTriangle size={14} aria-hidden />
          <span className="spoken">{conflict.kind === "duplicate" ? "duplicate" : "tie"}, </span>
        </span>
      )}
      {chips.length === 0 && <span className={classes.none}>everywhere</span>}
      {shown.map((chip) => (
        <span key={`${chip.dimension}/${chip.id}`} className={classes.chip} data-dimension={chip.dimension}>
          <span className="spoken">{wordOfDimension(chip.dimension)} </span>
          {chip.word}
        </span>
      ))}
      {chips.length > shown.length && <span className={classes.more}>+{chips.length - shown.length}</span>}
    </>
  );
});

/** As many signs as chips in one line may have together. */
const ROOM = 26;

function fitting(chips: readonly Chip[]): readonly Chip[] {
  let taken = 0;
  const count = chips.findIndex((chip) => {
    taken += Math.min(chip.word.length, 24) + 3;
    return taken > ROOM + 3;
  });
  return count < 0 ? chips : chips.slice(0, Math.max(1, count));
}
