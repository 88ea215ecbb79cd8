export const COLUMNS = ["name", "value", "scope", "type"] as const;
export type Column = (typeof COLUMNS)[number];

/** The line below all variables, in which a new one is begun. */
export const ADDING = "adding";

export interface Place {
  id: string;
  column: Column;
}

/** Where to go after a cell was edited. */
export type Move = "stay" | "down" | "up" | "right" | "left" | "leave";

/** The cell beside a place; the same where there is none. Going right at the end of a line goes to the next one. */
export function placeBeside(place: Place, move: Move, ids: readonly string[]): Place {
  const index = ids.indexOf(place.id);
  const at = COLUMNS.indexOf(place.column);
  const line = (next: number, column: Column): Place => {
    const id = ids[Math.max(0, Math.min(ids.length - 1, next))] ?? place.id;
    return { id, column: id === ADDING ? "name" : column };
  };
  switch (move) {
    case "down":
      return line(index + 1, place.column);
    case "up":
      return line(index - 1, place.column);
    case "right":
      if (place.id === ADDING) return place;
      if (at === COLUMNS.length - 1) return index < ids.length - 1 ? line(index + 1, "name") : place;
      return { ...place, column: COLUMNS[at + 1] ?? place.column };
    case "left":
      if (at === 0) return index > 0 ? line(index - 1, "type") : place;
      return { ...place, column: COLUMNS[at - 1] ?? place.column };
    default:
      return place;
  }
}

/** A key that writes a sign: it begins to edit the cell. */
export function isTyped(event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): boolean {
  return event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
}
