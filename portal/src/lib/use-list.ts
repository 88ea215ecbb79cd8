import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Filters } from "./search";

export interface ListState<Name extends string> {
  q: string;
  page: number;
  /** The filters that the address has, by the names that the route declares with `listSearch`. */
  filters: { [key in Name]?: string };
  /** Whether anything narrows the list, so that an empty one is no empty collection. */
  isNarrowed: boolean;
  /** Changes words or filters, and goes to the first page. */
  narrow: (patch: Partial<Record<Name | "q", string | null>>) => void;
  clear: () => void;
  goTo: (page: number) => void;
}

/** What a list shows, kept in the address: a link to it, or going back, shows the same. */
export function useList<Name extends string = never>(): ListState<Name> {
  const search: object = useSearch({ strict: false });
  const { q, page, ...filters } = search as Filters<Name>;
  const navigate = useNavigate();
  const go = (search: (old: Record<string, unknown>) => Record<string, unknown>, replace: boolean) =>
    void navigate({ to: ".", search: search as never, replace, resetScroll: false });
  return {
    q: q ?? "",
    page: page ?? 1,
    filters: filters as unknown as { [key in Name]?: string },
    isNarrowed: Boolean(q) || Object.values(filters).some((value) => value !== undefined),
    narrow: (patch) => {
      const given = Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, value || undefined]));
      go((old) => ({ ...old, ...given, page: undefined }), true);
    },
    clear: () => go(() => ({}), true),
    goTo: (next) => go((old) => ({ ...old, page: next > 1 ? next : undefined }), false),
  };
}
