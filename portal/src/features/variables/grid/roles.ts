import { type ComponentPropsWithRef, createElement } from "react";

/**
 * The parts of a grid. Its lines are placed by hand and drawn only where they are in sight, which a table cannot do; the
 * grid as a whole has the focus, and tells by reference which cell is active.
 */
type Box = ComponentPropsWithRef<"div">;

const box = (role: string) => (props: Box) => createElement("div", { ...props, role });

export const GridBox = (props: Box) =>
  createElement("div", { ...props, role: "grid", "aria-multiselectable": true, tabIndex: 0 });
/** For values that are read only. */
export const TableBox = box("table");
export const LinesBox = box("rowgroup");
export const LineBox = box("row");
export const HeadBox = box("columnheader");
export const CellBox = box("gridcell");
/** A cell of what is read only. */
export const ReadBox = box("cell");

/** Sees keys before what it holds does. */
export const KeyBox = (props: Box) => createElement("div", props);
