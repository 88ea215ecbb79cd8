import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { spacesQuery } from "@/api/session";

/** The space that the address names; on screens of the whole system, the default one. */
export function useSpace(): string {
  const { space } = useParams({ strict: false });
  const spaces = useQuery({ ...spacesQuery, enabled: space === undefined });
  const fallback = spaces.data?.find((one) => one.IsDefault) ?? spaces.data?.[0];
  return space ?? fallback?.Id ?? "Spaces-1";
}
