import { useMediaQuery } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp, IconPlus } from "@tabler/icons-react";
import { defaultRangeExtractor, type Range, useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Row, Sorting } from "../model/rows";
import type { Dimension, ScopeNames } from "../model/scope";
import { ADDING, type Column } from "./columns";
import classes from "./grid.module.css";
import { CellBox, GridBox, HeadBox, LineBox, LinesBox } from "./roles";
import { cellId, type LineContext, RowLine } from "./row-line";
import { RowMenu } from "./row-menu";
import type { Grid, GridActions } from "./use-grid";

interface Props {
  label: string;
  space: string;
  rows: readonly Row[];
  grid: Grid;
  actions: GridActions;
  names: ScopeNames;
  offered: readonly Dimension[];
  valueNames: ReadonlyMap<string, string>;
  faults: ReadonlyMap<string, ReadonlySet<Column>>;
  sorting: Sorting;
  onSort: (by: Sorting["by"]) => void;
  /** Nothing new can be begun, since the user may not. */
  isClosed: boolean;
  onExplain?: (name: string) => void;
  scroller: RefObject<HTMLDivElement | null>;
}

const HEADS: { column: Column; word: string }[] = [
  { column: "name", word: "Name" },
  { column: "value", word: "Value" },
  { column: "scope", word: "Scope" },
  { column: "type", word: "Type" },
];

export const LINE = 36;
const LINE_ON_PHONE = 64;

/** Variables as a spreadsheet. Only the lines in sight are drawn; the grid has the focus and tells which cell is active. */
export function VariableGrid(props: Props) {
  const { rows, grid, actions, scroller, isClosed } = props;
  const line = useMediaQuery("(max-width: 48em)") ? LINE_ON_PHONE : LINE;
  const [menu, setMenu] = useState<{ id: string; at: HTMLElement } | null>(null);
  const activeIndex = useMemo(
    () => (grid.active ? rows.findIndex((row) => row.variable.Id === grid.active?.id) : -1),
    [rows, grid.active],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => line,
    overscan: 8,
    // Drawn with the next frame, not within each event of scrolling: eight lines beyond the edge leave time for it.
    useFlushSync: false,
    scrollPaddingStart: 40,
    scrollPaddingEnd: 44,
    // The active cell stays in the document, since the grid refers to it, and it may be being edited.
    rangeExtractor: useCallback(
      (range: Range) => {
        const shown = defaultRangeExtractor(range);
        return activeIndex >= 0 && !shown.includes(activeIndex) ? [...shown, activeIndex] : shown;
      },
      [activeIndex],
    ),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another height of lines is measured anew
  useEffect(() => virtual.measure(), [line]);
  const lastMove = useRef(0);
  useEffect(() => {
    if (grid.moved === lastMove.current) return;
    lastMove.current = grid.moved;
    if (activeIndex >= 0) virtual.scrollToIndex(activeIndex, { align: "auto" });
    else if (grid.active?.id === ADDING) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [grid.moved, grid.active, activeIndex, virtual, scroller]);

  const context: LineContext = useMemo(
    () => ({
      space: props.space,
      names: props.names,
      offered: props.offered,
      valueNames: props.valueNames,
      grid: {
        activate: grid.activate,
        edit: grid.edit,
        commit: grid.commit,
        cancel: grid.cancel,
        choose: grid.choose,
      },
      actions: { openText: actions.openText },
      openMenu: (id, at) => setMenu({ id, at }),
    }),
    [
      props.space,
      props.names,
      props.offered,
      props.valueNames,
      grid.activate,
      grid.edit,
      grid.commit,
      grid.cancel,
      grid.choose,
      actions.openText,
    ],
  );
  const height = virtual.getTotalSize();
  const isAdding = grid.active?.id === ADDING;
  const chosenCount = grid.chosen.size;
  const menuRow = menu && rows.find((row) => row.variable.Id === menu.id);
  return (
    <div className={classes.frame}>
      <GridBox
        ref={scroller}
        aria-label={props.label}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={
          (grid.active &&
            (isAdding ? ADDING : activeIndex >= 0 ? cellId(grid.active.id, grid.active.column) : undefined)) ||
          undefined
        }
        className={classes.scroller}
        onKeyDown={grid.onKeyDown}
        onPaste={(event) => {
          if (grid.editing) return;
          const text = event.clipboardData.getData("text/plain");
          if (text === "") return;
          event.preventDefault();
          actions.paste(text, grid.active);
        }}
      >
        <LineBox aria-rowindex={1} className={classes.head}>
          <HeadBox className={classes.mark}>
            <input
              type="checkbox"
              className={classes.box}
              tabIndex={-1}
              aria-label="Choose all that are shown"
              checked={chosenCount > 0 && chosenCount === rows.length}
              ref={(box) => {
                if (box) box.indeterminate = chosenCount > 0 && chosenCount < rows.length;
              }}
              onChange={() => grid.chooseAll(chosenCount > 0 ? [] : rows.map((row) => row.variable.Id))}
            />
          </HeadBox>
          {HEADS.map(({ column, word }) => (
            <Head key={column} column={column} word={word} sorting={props.sorting} onSort={props.onSort} />
          ))}
          <HeadBox className={classes.mark}>
            <span className="spoken">More</span>
          </HeadBox>
        </LineBox>
        <LinesBox className={classes.body} style={{ height: height + (isClosed ? 0 : LINE) }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const isActive = item.index === activeIndex;
            return (
              <RowLine
                key={row.variable.Id}
                row={row}
                index={item.index}
                top={item.start}
                activeColumn={isActive ? (grid.active?.column ?? null) : null}
                editing={isActive ? grid.editing : null}
                isChosen={grid.chosen.has(row.variable.Id)}
                isLocked={actions.isLocked(row.variable)}
                faults={props.faults.get(row.variable.Id)}
                context={context}
              />
            );
          })}
          {!isClosed && (
            <LineBox aria-rowindex={rows.length + 2}>
              <CellBox
                id={ADDING}
                className={classes.adding}
                style={{ top: height }}
                data-active={isAdding || undefined}
                onClick={() => grid.begin(null)}
              >
                <IconPlus size={15} aria-hidden />
                Add a variable: click, or type here
              </CellBox>
            </LineBox>
          )}
        </LinesBox>
      </GridBox>
      {menu && menuRow && (
        <RowMenu
          row={menuRow}
          at={menu.at}
          grid={grid}
          actions={actions}
          onExplain={props.onExplain}
          onClose={() => setMenu(null)}
        />
      )}
    </div>
  );
}

function Head({ column, word, sorting, onSort }: Pick<Props, "sorting" | "onSort"> & { column: Column; word: string }) {
  const isSorted = sorting.by === column;
  const Sign = sorting.isDown ? IconArrowDown : IconArrowUp;
  return (
    <HeadBox
      aria-sort={isSorted ? (sorting.isDown ? "descending" : "ascending") : "none"}
      className={classes.headCell}
      data-column={column}
    >
      <button type="button" className={classes.sort} tabIndex={-1} onClick={() => onSort(column)}>
        {word}
        {isSorted && <Sign size={13} aria-hidden />}
      </button>
    </HeadBox>
  );
}
