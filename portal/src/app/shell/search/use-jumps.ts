import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useMemo } from "react";
import { answer, api } from "@/api/client";
import { type NavigationGroup, useNavigationGroups } from "../../navigation/groups";
import { recentJumps } from "./recent";
import { type Jump, jumpsOf, screensOf } from "./results";

const searchQuery = (space: string, keyword: string) =>
  queryOptions({
    queryKey: ["search", space, keyword],
    queryFn: () => answer(api.GET("/api/{space}/search", { params: { path: { space }, query: { keyword } } })),
    enabled: keyword !== "",
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });

/** What the palette offers for some words: screens at once, and what the server finds as soon as it has. */
export function useJumps(space: string, words: string) {
  const router = useRouter();
  const groups = useNavigationGroups(space);
  const sought = words.trim();
  const [asked] = useDebouncedValue(sought, 150);
  const search = useQuery(searchQuery(space, asked));
  const jumps = useMemo(() => {
    const screens = screenJumps(groups, (link) => router.buildLocation(link).href);
    if (sought === "") return [...recentJumps(space), ...screens];
    const named = screens.filter((one) => one.word.toLowerCase().includes(sought.toLowerCase()));
    return [...named, ...jumpsOf(asked === "" ? [] : (search.data ?? []), space, screensOf(router))];
  }, [groups, router, sought, asked, space, search.data]);
  return { jumps, isSearching: sought !== "" && (asked !== sought || search.isFetching), error: search.error };
}

function screenJumps(
  groups: NavigationGroup[],
  hrefOf: (link: NavigationGroup["entries"][number]["link"]) => string,
): Jump[] {
  const screens = groups.flatMap(({ heading, entries }) =>
    entries.map((entry) => {
      const more = heading ? { more: heading } : {};
      const href = hrefOf(entry.link);
      return { key: `screen-${href}`, group: "Go to", word: entry.word, href, ...more };
    }),
  );
  return [...screens, { key: "screen-profile", group: "Go to", word: "Profile and API keys", href: "/app/profile" }];
}
