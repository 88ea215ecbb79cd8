import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { spacesQuery, startingSpace } from "@/api/session";

/** The space that the address names; on screens of the whole system, the one that was looked at last. */
export function useSpace(): string {
  const { space } = useParams({ strict: false });
  const spaces = useQuery({ ...spacesQuery, enabled: space === undefined });
  return space ?? startingSpace(spaces.data ?? []);
}
