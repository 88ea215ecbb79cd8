import { Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";
import { NameCell, ScopeCell, ValueCell } from "../grid/cells";
import gridClasses from "../grid/grid.module.css";
import { HeadBox, LineBox, LinesBox, ReadBox, TableBox } from "../grid/roles";
import type { Chip } from "../model/scope";
import type { Variable } from "../model/variable";
import classes from "./values-table.module.css";

export interface ValueLine {
  key: string;
  variable: Variable;
  isFirst: boolean;
  chips: readonly Chip[];
  /** What the value is the id of, by name. */
  named: string | null;
  source: ReactNode;
  /** At the end of the line. */
  action?: ReactNode;
}

const LINE = 36;

/** Values to be read, however many: name, value, scope, and where each comes from. */
export function ValuesTable({ label, lines }: { label: string; lines: readonly ValueLine[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 8,
  });
  return (
    <div className={gridClasses.frame}>
      <TableBox
        ref={scroller}
        tabIndex={0}
        aria-label={label}
        aria-rowcount={lines.length + 1}
        className={`${gridClasses.scroller} ${classes.scroller}`}
      >
        <LineBox aria-rowindex={1} className={gridClasses.head}>
          {["Name", "Value", "Scope", "From", "More"].map((head) => (
            <HeadBox key={head} className={gridClasses.headCell}>
              {head === "More" ? <span className="spoken">{head}</span> : head}
            </HeadBox>
          ))}
        </LineBox>
        <LinesBox className={gridClasses.body} style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <LineBox
                key={line.key}
                aria-rowindex={item.index + 2}
                className={`${gridClasses.row} ${classes.row}`}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <ReadBox className={gridClasses.cell}>
                  <NameCell variable={line.variable} isFirst={line.isFirst} />
                </ReadBox>
                <ReadBox className={gridClasses.cell}>
                  <ValueCell variable={line.variable} named={line.named} />
                </ReadBox>
                <ReadBox className={gridClasses.cell}>
                  <ScopeCell chips={line.chips} conflict={null} />
                </ReadBox>
                <ReadBox className={gridClasses.cell}>{line.source}</ReadBox>
                <ReadBox className={gridClasses.cell}>{line.action}</ReadBox>
              </LineBox>
            );
          })}
        </LinesBox>
        {lines.length === 0 && (
          <Text size="sm" c="dimmed" p="lg" ta="center">
            Nothing fits.
          </Text>
        )}
      </TableBox>
    </div>
  );
}
