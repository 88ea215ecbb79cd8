import { queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import type { Channel } from "@/api/reference";
import type { TemplatePackage } from "./api";
import { inAll, type Rule, refusalOf, tagOf } from "./package-rules";

export type PackageVersion = Shape<"PackageVersion">;

const OFFERED = "50";

/** The newest versions of a package in its feed: those that a rule lets in, or all; with words, those that have them. */
const feedVersionsQuery = (space: string, one: TemplatePackage, rule: Rule | null, words: string) =>
  queryOptions({
    queryKey: ["feed-versions", one.FeedId, one.PackageId, rule?.VersionRange, rule && tagOf(rule), words],
    queryFn: async () => {
      const query = {
        packageId: one.PackageId,
        take: OFFERED,
        includePreRelease: "true",
        ...(rule?.VersionRange && { versionRange: rule.VersionRange }),
        ...(rule && tagOf(rule) && { preReleaseTag: tagOf(rule) }),
        ...(words && { filter: words }),
      };
      const path = { space, id: one.FeedId };
      return (await answer(api.GET("/api/{space}/feeds/{id}/packages/versions", { params: { path, query } }))).Items;
    },
    enabled: one.IsResolvable,
    staleTime: 5000,
    retry: false,
  });

const ruleTestQuery = (space: string, rule: Rule, version: string) =>
  queryOptions({
    queryKey: ["rule-test", rule.VersionRange, tagOf(rule), version],
    queryFn: () => {
      const query = { version, versionRange: rule.VersionRange, preReleaseTag: tagOf(rule) };
      return answer(api.GET("/api/{space}/channels/rule-test", { params: { path: { space }, query } }));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface Offered {
  /** The newest that every rule lets in. */
  fitting: PackageVersion[];
  /** Other versions of the package, which the rules do not let in. */
  others: PackageVersion[];
  isRead: boolean;
  error: unknown;
  retry: () => void;
}

/** What the feed has of a package, as the rules of the channel see it. */
export function useOffered(space: string, one: TemplatePackage, rules: readonly Rule[], words: string): Offered {
  const all = useQuery(feedVersionsQuery(space, one, null, words));
  const ruled = useQueries({ queries: rules.map((rule) => feedVersionsQuery(space, one, rule, words)) });
  const failed = [all, ...ruled].find((query) => query.isError);
  const versions = all.data ?? [];
  const fitting = rules.length === 0 ? versions : inAll(ruled.map((query) => query.data ?? []));
  const known = new Set(fitting.map((version) => version.Version));
  return {
    fitting,
    others: versions.filter((version) => !known.has(version.Version)),
    isRead: all.isSuccess && ruled.every((query) => query.isSuccess),
    error: failed?.error ?? null,
    retry: () => {
      for (const query of [all, ...ruled]) if (query.isError) void query.refetch();
    },
  };
}

/** Why the rules do not let a version in, in a sentence; null when they do, or while that is not known. */
export function useRefusal(
  space: string,
  channel: Pick<Channel, "Name"> | undefined,
  rules: readonly Rule[],
  version: string,
): string | null {
  const tests = useQueries({
    queries: rules.map((rule) => ({ ...ruleTestQuery(space, rule, version), enabled: version !== "" })),
  });
  const told = tests.map((test) => test.data);
  if (version === "" || told.some((one) => one === undefined)) return null;
  return refusalOf(
    rules,
    told.filter((one) => one !== undefined),
    channel?.Name ?? "",
  );
}
