import { TagsInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api } from "@/api/client";

export const targetTagsQuery = (space: string) =>
  queryOptions({
    queryKey: ["target-tags", space],
    queryFn: () => answer(api.GET("/api/{space}/machineroles/all", { params: { path: { space } } })),
    staleTime: 10_000,
  });

interface Props {
  space: string;
  value: readonly string[];
  onChange: (tags: string[]) => void;
  label?: string;
  "aria-label"?: string;
  description?: ReactNode;
  placeholder?: string;
  error?: string;
  w?: number | string;
}

/** Tags of targets: those that some target has are offered, others may be written. */
export function TargetTagInput({ space, value, onChange, ...rest }: Props) {
  const known = useQuery(targetTagsQuery(space)).data ?? [];
  return (
    <TagsInput
      {...rest}
      data={known}
      value={[...value]}
      onChange={onChange}
      clearable
      acceptValueOnBlur
      maxDropdownHeight={260}
    />
  );
}
