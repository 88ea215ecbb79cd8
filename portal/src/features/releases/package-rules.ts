import type { Shape } from "@/api/client";
import type { Channel } from "@/api/reference";
import type { TemplatePackage } from "./api";

export type Rule = Shape<"ChannelVersionRule">;
type Tested = Shape<"VersionRuleTestResponse">;
type Place = Pick<TemplatePackage, "ActionName" | "PackageReferenceName">;

/** The rules of a channel that a package must satisfy: all of those that name it. */
export function rulesOf(channel: Pick<Channel, "Rules"> | undefined, one: Place): Rule[] {
  const names = (rule: Rule) =>
    rule.ActionPackages.some(
      (named) =>
        named.DeploymentAction.toLowerCase() === one.ActionName.toLowerCase() &&
        (named.PackageReference ?? "").toLowerCase() === (one.PackageReferenceName ?? "").toLowerCase(),
    );
  return (channel?.Rules ?? []).filter(names);
}

export function tagOf(rule: Rule): string {
  return rule.Tag || rule.VersionTagRegex || "";
}

/** A rule in words, as in "range [2.0,3.0), pre-release tag like ^beta". */
export function wordsOf(rule: Rule): string {
  const tag = tagOf(rule);
  const parts = [
    rule.VersionRange && `range ${rule.VersionRange}`,
    tag && (tag === "^$" ? "no pre-releases" : `pre-release tag like ${tag}`),
  ];
  return parts.filter(Boolean).join(", ") || "any version";
}

/** What stands against a version, in a sentence; null when nothing does. */
export function refusalOf(rules: readonly Rule[], tests: readonly Tested[], channel: string): string | null {
  for (const [index, test] of tests.entries()) {
    const rule = rules[index];
    if (!rule) continue;
    if (test.Errors[0]) return test.Errors[0];
    if (!test.SatisfiesVersionRange) {
      return `It is not in the range ${rule.VersionRange} that the channel ${channel} asks for.`;
    }
    if (!test.SatisfiesPreReleaseTag) {
      const tag = tagOf(rule);
      return tag === "^$"
        ? `The channel ${channel} takes no pre-releases.`
        : `Its pre-release tag does not match ${tag}, which the channel ${channel} asks for.`;
    }
  }
  return null;
}

/** The versions that are in every one of the lists, in the order of the first. */
export function inAll<T extends { Version: string }>(lists: readonly (readonly T[])[]): T[] {
  const [first = [], ...others] = lists;
  const sets = others.map((list) => new Set(list.map((one) => one.Version)));
  return first.filter((one) => sets.every((set) => set.has(one.Version)));
}
