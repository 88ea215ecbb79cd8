import { IconDots, IconLock } from "@tabler/icons-react";
import { type CSSProperties, type MouseEvent, memo, type ReactNode } from "react";
import type { Row } from "../model/rows";
import type { Dimension, ScopeNames } from "../model/scope";
import { wordOfType } from "../model/variable";
import { CellEditor } from "./cell-editor";
import { NameCell, ScopeCell, ValueCell } from "./cells";
import { COLUMNS, type Column } from "./columns";
import classes from "./grid.module.css";
import { CellBox, LineBox } from "./roles";
import type { Editing, Grid, GridActions } from "./use-grid";

export interface LineContext {
  space: string;
  names: ScopeNames;
  offered: readonly Dimension[];
  valueNames: ReadonlyMap<string, string>;
  grid: Pick<Grid, "activate" | "edit" | "commit" | "cancel" | "choose">;
  actions: Pick<GridActions, "openText">;
  openMenu: (id: string, at: HTMLElement) => void;
}

interface Props {
  row: Row;
  index: number;
  top: number;
  activeColumn: Column | null;
  editing: Editing | null;
  isChosen: boolean;
  isLocked: boolean;
  /** The columns of which the API found fault. */
  faults: ReadonlySet<Column> | undefined;
  context: LineContext;
}

const PARTS: Record<Column, readonly string[]> = {
  name: ["Name", "Description", "Prompt"],
  value: ["Value"],
  scope: ["Scope"],
  type: ["Type"],
};

export const RowLine = memo(function RowLine(props: Props) {
  const { row, index, top, activeColumn, editing, isChosen, isLocked, context } = props;
  const { variable, kind } = row;
  const { grid } = context;
  return (
    <LineBox
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      className={classes.row}
      style={{ transform: `translateY(${top}px)` } as CSSProperties}
      data-kind={kind ?? undefined}
      data-editing={editing ? true : undefined}
    >
      <CellBox className={classes.mark}>
        {isLocked && !isChosen ? (
          <span className={classes.sign}>
            <IconLock size={14} aria-hidden />
            <span className="spoken">You may not change this</span>
          </span>
        ) : (
          <input
            type="checkbox"
            className={classes.box}
            tabIndex={-1}
            aria-label={`Choose ${variable.Name || "the new variable"}`}
            checked={isChosen}
            onChange={() => undefined}
            onClick={(event: MouseEvent) => grid.choose(variable.Id, event.shiftKey)}
          />
        )}
      </CellBox>
      {COLUMNS.map((column) => {
        const isActive = activeColumn === column;
        const place = { id: variable.Id, column };
        const isEdited = isActive && editing !== null;
        return (
          <CellBox
            key={column}
            id={cellId(variable.Id, column)}
            aria-readonly={isLocked || undefined}
            className={classes.cell}
            data-column={column}
            data-active={isActive || undefined}
            data-editing={isEdited || undefined}
            data-part={(row.kind === "changed" && row.parts.some((part) => PARTS[column].includes(part))) || undefined}
            data-fault={props.faults?.has(column) || undefined}
            onClick={() => !isEdited && (isActive ? grid.edit(place) : grid.activate(place))}
            onDoubleClick={() => !isEdited && grid.edit(place)}
          >
            {isEdited ? (
              <CellEditor
                space={context.space}
                variable={variable}
                column={column}
                typed={editing.typed}
                names={context.names}
                offered={context.offered}
                commit={grid.commit}
                cancel={grid.cancel}
                openText={context.actions.openText}
              />
            ) : (
              <Read column={column} row={row} context={context} />
            )}
          </CellBox>
        );
      })}
      <CellBox className={`${classes.mark} ${classes.menu}`}>
        <button
          type="button"
          className={classes.dotsButton}
          tabIndex={-1}
          aria-label={`More for ${variable.Name || "the new variable"}`}
          aria-haspopup="menu"
          onClick={(event) => context.openMenu(variable.Id, event.currentTarget)}
        >
          <IconDots size={16} />
        </button>
      </CellBox>
    </LineBox>
  );
});

export function cellId(id: string, column: Column): string {
  return `cell-${id}-${column}`;
}

function Read({ column, row, context }: { column: Column; row: Row; context: LineContext }): ReactNode {
  const { variable } = row;
  switch (column) {
    case "name":
      return (
        <>
          {row.kind && <span className="spoken">{row.kind}: </span>}
          <NameCell variable={variable} isFirst={row.isFirst} />
        </>
      );
    case "value":
      return <ValueCell variable={variable} named={context.valueNames.get(variable.Value ?? "") ?? null} />;
    case "scope":
      return <ScopeCell chips={context.names.chipsOf(variable.Scope)} conflict={row.conflict} />;
    case "type":
      return <span className={classes.none}>{wordOfType(variable.Type)}</span>;
  }
}
