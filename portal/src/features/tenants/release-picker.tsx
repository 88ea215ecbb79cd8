import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { releasesQuery } from "./api";

interface Props {
  space: string;
  project: string;
  /** The id of a release. */
  value: string | null;
  onChange: (release: string | null) => void;
}

/** The release by its id: one that is chosen may be older than those that are offered. */
export const releaseQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["release", id, "named"],
    queryFn: () => answer(api.GET("/api/{space}/releases/{id}", { params: { path: { space, id } } })),
    staleTime: 60_000,
  });

/** Narrows to the tenants that have not got a release; releases are found by their version on the server. */
export function ReleasePicker({ space, project, value, onChange }: Props) {
  const [words, setWords] = useState("");
  const [sought] = useDebouncedValue(words, 200);
  const chosen = useQuery({ ...releaseQuery(space, value ?? ""), enabled: value !== null }).data;
  const isName = chosen !== undefined && labelOf(chosen.Version) === sought;
  const found = useQuery(releasesQuery(space, project, isName ? "" : sought.replace(/^Lacks /, "").trim())).data ?? [];
  const offered = [...found.filter((one) => one.Id !== value), ...(chosen && value ? [chosen] : [])];
  return (
    <Select
      aria-label="Lacks the release"
      placeholder="Lacks a release"
      clearable
      searchable
      w={180}
      data={offered.map((one) => ({ value: one.Id, label: labelOf(one.Version) }))}
      value={value}
      onChange={onChange}
      onSearchChange={setWords}
      filter={({ options }) => options}
      nothingFoundMessage="No release has such a version"
      maxDropdownHeight={280}
    />
  );
}

function labelOf(version: string): string {
  return `Lacks ${version}`;
}
