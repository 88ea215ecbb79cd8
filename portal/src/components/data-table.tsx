import { Checkbox, Table } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./data-table.module.css";
import { WideTable } from "./wide-table";

export interface Column<T> {
  /** What stands above; for buttons and marks a word that is only read out, with `spoken`. */
  head: string;
  cell: (row: T) => ReactNode;
  width?: number | string;
  spoken?: boolean;
  /** In the muted colour: what explains, and is not looked for. */
  dimmed?: boolean;
  align?: "right" | "center";
  /** Left out where the window is as narrow as a phone's. */
  wideOnly?: boolean;
}

interface Props<T> {
  /** What the table lists, for screen readers. */
  label: string;
  rows: readonly T[];
  columns: readonly (Column<T> | false | null | undefined)[];
  keyOf: (row: T) => string;
  /** Narrower than this, in pixels, the table scrolls sideways. */
  minWidth?: number;
  /** Marks a row, such as one that is disabled. */
  isMuted?: (row: T) => boolean;
  /** Rows can be chosen, by their keys; `nameOf` says for screen readers which row a box chooses. */
  selection?: {
    chosen: ReadonlySet<string>;
    onChange: (chosen: ReadonlySet<string>) => void;
    nameOf: (row: T) => string;
  };
}

/** Rows of one kind. Everything in the portal that is a table, and no grid to be edited, is one of these. */
export function DataTable<T>({ label, rows, columns, keyOf, minWidth = 320, isMuted, selection }: Props<T>) {
  const shown = columns.filter((column) => typeof column === "object" && column !== null);
  return (
    <WideTable minWidth={minWidth}>
      <Table highlightOnHover aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            {selection && (
              <Table.Th w={40}>
                <All keys={rows.map(keyOf)} {...selection} />
              </Table.Th>
            )}
            {shown.map((column) => (
              <Table.Th
                key={column.head}
                w={column.width}
                ta={column.align}
                visibleFrom={column.wideOnly ? "sm" : undefined}
              >
                {column.spoken ? <span className="spoken">{column.head}</span> : column.head}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)} className={isMuted?.(row) ? classes.muted : undefined}>
              {selection && (
                <Table.Td>
                  <Checkbox
                    size="xs"
                    aria-label={`Choose ${selection.nameOf(row)}`}
                    checked={selection.chosen.has(keyOf(row))}
                    onChange={() => selection.onChange(toggled(selection.chosen, keyOf(row)))}
                  />
                </Table.Td>
              )}
              {shown.map((column) => (
                <Table.Td
                  key={column.head}
                  ta={column.align}
                  c={column.dimmed ? "dimmed" : undefined}
                  visibleFrom={column.wideOnly ? "sm" : undefined}
                >
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

interface AllProps {
  keys: string[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

/** Chooses all rows that are shown, or none of them. */
function All({ keys, chosen, onChange }: AllProps) {
  const number = keys.filter((key) => chosen.has(key)).length;
  const isAll = number === keys.length && number > 0;
  const others = [...chosen].filter((key) => !keys.includes(key));
  return (
    <Checkbox
      size="xs"
      aria-label="Choose all that are shown"
      checked={isAll}
      indeterminate={number > 0 && !isAll}
      onChange={() => onChange(new Set(isAll ? others : [...chosen, ...keys]))}
    />
  );
}

function toggled(chosen: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** The first cell of most rows: a name, and below it a line that tells more. */
export function NameCell({ name, children }: { name: ReactNode; children?: ReactNode }) {
  return (
    <div className={classes.name}>
      <div className={classes.first}>{name}</div>
      {children && <div className={classes.more}>{children}</div>}
    </div>
  );
}
