import type { KeyboardEvent } from "react";
import type { Row } from "../model/rows";
import type { Variable } from "../model/variable";
import { ADDING, isTyped, type Move, type Place, placeBeside } from "./columns";
import type { Grid, GridActions } from "./use-grid";

/** What a key is pressed in: a grid in which nothing is being edited. */
interface Pressed extends Pick<Grid, "active" | "chosen" | "edit" | "begin" | "choose" | "chooseAll"> {
  ids: readonly string[];
  byId: ReadonlyMap<string, Row>;
  actions: GridActions;
  go: (place: Place) => void;
}

type Key = KeyboardEvent<HTMLElement>;

const PAGE = 12;

/** Does what a key means, as in a spreadsheet. */
export function pressed(event: Key, grid: Pressed): void {
  const first = grid.ids[0];
  if (first === undefined) return;
  const place: Place = grid.active && grid.ids.includes(grid.active.id) ? grid.active : { id: first, column: "name" };
  const work = event.ctrlKey || event.metaKey ? command(event, grid, place) : plain(event, grid, place);
  if (!work) return;
  event.preventDefault();
  work();
}

type Work = (() => void) | null;

function command(event: Key, { actions, byId, ids, chosen, chooseAll, begin, go }: Pressed, place: Place): Work {
  switch (event.key.toLowerCase()) {
    case "z":
      return event.shiftKey ? actions.redo : actions.undo;
    case "y":
      return actions.redo;
    case "a":
      return () => chooseAll(ids.filter((id) => id !== ADDING));
    case "c":
      return () => copy(place, byId);
    case "enter": {
      const variable = byId.get(place.id)?.variable;
      if (!variable) return () => begin(null);
      return () => begin(null, { Name: variable.Name, Type: variable.Type }, place.id, "value");
    }
    case "delete":
    case "backspace":
      return () => actions.remove(chosen.size > 0 ? [...chosen] : [place.id]);
    case "home":
      return () => go({ id: ids[0] ?? place.id, column: place.column });
    case "end":
      return () => go({ id: ADDING, column: "name" });
    default:
      return null;
  }
}

const MOVES: Record<string, Move> = { ArrowDown: "down", ArrowUp: "up", ArrowRight: "right", ArrowLeft: "left" };

function plain(event: Key, grid: Pressed, place: Place): Work {
  const { actions, go, edit, choose, chooseAll, chosen, ids } = grid;
  const move = MOVES[event.key];
  if (move) return () => go(grid.active ? placeBeside(place, move, ids) : place);
  switch (event.key) {
    case "PageDown":
      return () => go(leapt(place, PAGE, ids));
    case "PageUp":
      return () => go(leapt(place, -PAGE, ids));
    case "Home":
      return () => go({ ...place, column: "name" });
    case "End":
      return () => go({ ...place, column: place.id === ADDING ? "name" : "type" });
    case "Tab":
      return tab(event, grid, place);
    case "F2":
      return () => edit(place);
    case "Enter":
      if (!event.altKey) return () => edit(place);
      return () => (place.column === "value" ? actions.openText(place.id) : actions.openDetails(place.id));
    case "Escape":
      return chosen.size > 0 ? () => chooseAll([]) : null;
    case "Delete":
    case "Backspace":
      return () => clear(grid, place);
  }
  if (event.key === " " && event.shiftKey) return () => place.id !== ADDING && choose(place.id, false);
  return isTyped(event) ? () => edit(place, event.key) : null;
}

/** At either end Tab leaves the grid, as everywhere. */
function tab(event: Key, { active, ids, go }: Pressed, place: Place): Work {
  const next = placeBeside(place, event.shiftKey ? "left" : "right", ids);
  const isEnd = next.id === place.id && next.column === place.column;
  return active && !isEnd ? () => go(next) : null;
}

function leapt(place: Place, lines: number, ids: readonly string[]): Place {
  const next = Math.max(0, Math.min(ids.length - 1, ids.indexOf(place.id) + lines));
  return { ...place, id: ids[next] ?? place.id };
}

function clear({ byId, actions }: Pressed, place: Place): void {
  const row = byId.get(place.id);
  if (!row || row.kind === "deleted" || actions.isLocked(row.variable)) return;
  if (place.column === "value") actions.patch(place.id, (old) => ({ ...old, Value: "" }));
  if (place.column === "scope") actions.patch(place.id, (old) => ({ ...old, Scope: {} as Variable["Scope"] }));
}

function copy(place: Place, byId: ReadonlyMap<string, Row>): void {
  const variable = byId.get(place.id)?.variable;
  if (!variable || !navigator.clipboard) return;
  const text = place.column === "name" ? variable.Name : variable.IsSensitive ? "" : (variable.Value ?? "");
  void navigator.clipboard.writeText(text);
}
