/** Reading the part of an address behind `?`: what a list shows is in its address, so that it can be linked to. */

/** A search parameter that is a text, or nothing. A number in an address is a text too: somebody looks for `2`. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** How many rows a page of a list has. */
export const PAGE = 30;

/** What every list has in its address: the words looked for, and the page, counted from 1 (left out on the first). */
export interface ListSearch {
  q?: string;
  page?: number;
}

export type Filters<Name extends string> = ListSearch & { [key in Name]?: string };

/** For `validateSearch` of a list's route: its words, its page, and the filters that are named. */
export function listSearch<Name extends string = never>(...filters: readonly Name[]) {
  return (search: Record<string, unknown>): Filters<Name> => {
    const kept: Record<string, string | number | undefined> = { q: textOf(search.q), page: pageIn(search.page) };
    for (const filter of filters) kept[filter] = textOf(search[filter]);
    return kept as Filters<Name>;
  };
}

function pageIn(value: unknown): number | undefined {
  return Number.isInteger(value) && Number(value) > 1 ? Number(value) : undefined;
}
