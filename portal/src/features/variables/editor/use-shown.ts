import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { SHOWN, type Shown, scopeFromText, type VariableFilter } from "../model/filters";
import { SORTS, type Sorting } from "../model/rows";
import type { VariableSearch } from "./search";

export interface ShownState {
  filter: VariableFilter;
  /** The words as they are typed; the filter follows as fast as lines can be drawn. */
  words: string;
  sorting: Sorting;
  search: VariableSearch;
  narrow: (patch: Partial<VariableSearch>) => void;
  sort: (by: Sorting["by"]) => void;
  clear: () => void;
}

/** What is shown and in which order: kept in the address. */
export function useShown(): ShownState {
  const search: VariableSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const [words, setWords] = useState(search.q ?? "");
  const [known, setKnown] = useState(search.q);
  if (known !== search.q) {
    setKnown(search.q);
    setWords(search.q ?? "");
  }
  const narrow = (patch: Partial<VariableSearch>) => {
    if (patch.q !== undefined) setWords(patch.q);
    const given = Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, value || undefined]));
    if ("q" in given) setKnown(given.q);
    void navigate({
      to: ".",
      search: ((old: object) => ({ ...old, ...given })) as never,
      replace: true,
      resetScroll: false,
    });
  };
  const sought = useDeferredValue(words);
  const { type, show, scope, sort } = search;
  const filter = useMemo(
    () => ({
      words: sought,
      type: type ?? null,
      shown: (SHOWN.find((one) => one.value === show)?.value ?? null) as Shown | null,
      scope: scopeFromText(scope),
    }),
    [sought, type, show, scope],
  );
  const sorting = useMemo(() => sortingOf(sort), [sort]);
  return {
    filter,
    words,
    sorting,
    search,
    narrow,
    sort: (by) => {
      const isDown = sorting.by === by && !sorting.isDown;
      const text = by === "name" && !isDown ? undefined : `${isDown ? "-" : ""}${by}`;
      narrow({ sort: text ?? "" });
    },
    clear: () => narrow({ q: "", type: "", show: "", scope: "" }),
  };
}

function sortingOf(text: string | undefined): Sorting {
  const isDown = text?.startsWith("-") ?? false;
  const by = SORTS.find((one) => one === text?.replace(/^-/, "")) ?? "name";
  return { by, isDown };
}
