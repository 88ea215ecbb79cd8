import type { Shape } from "@/api/client";
import type { PackagePlace, Rule } from "./api";

type Tried = Shape<"TestedVersion">;

/** Where a package stands in the process, as one text. */
export function placeKey(one: { DeploymentAction: string; PackageReference: string | null }): string {
  return `${one.DeploymentAction}/${one.PackageReference ?? ""}`;
}

export function keyOfPlace(place: Pick<PackagePlace, "ActionName" | "PackageReferenceName">): string {
  return `${place.ActionName}/${place.PackageReferenceName}`;
}

export function namePlace(place: Pick<PackagePlace, "ActionName" | "PackageReferenceName">): string {
  return place.PackageReferenceName ? `${place.ActionName}: ${place.PackageReferenceName}` : place.ActionName;
}

/** The action and the reference of a key; names of steps have no slash in common use, so the last one parts them. */
export function placeOfKey(key: string): { DeploymentAction: string; PackageReference: string } {
  const cut = key.lastIndexOf("/");
  return { DeploymentAction: key.slice(0, cut), PackageReference: key.slice(cut + 1) };
}

/** Whether the rule is about the package; names are compared as the server does. */
export function concerns(rule: Rule, place: Pick<PackagePlace, "ActionName" | "PackageReferenceName">): boolean {
  const wanted = keyOfPlace(place).toLowerCase();
  return rule.ActionPackages.some((one) => placeKey(one).toLowerCase() === wanted);
}

/** Why a rule refuses a version, as the end of a sentence; null when it does not. */
export function refusalOf(tried: Tried): string | null {
  if (tried.Errors.length > 0) return tried.Errors.join(" ");
  if (!tried.SatisfiesVersionRange) return "is outside the range";
  return tried.SatisfiesPreReleaseTag ? null : "has a pre-release tag that does not match";
}

/** A rule in words. */
export function ruleWords(rule: Pick<Rule, "VersionRange">, tag: string): string {
  const range = rule.VersionRange ? `versions in ${rule.VersionRange}` : "any version";
  if (!tag) return range;
  return `${range}, ${TAG_WORDS[tag] ?? `pre-release tag like ${tag}`}`;
}

/** The expressions that most rules have. */
export const TAG_WORDS: Record<string, string> = {
  "^$": "stable only",
  "^[^\\+].*": "pre-releases only",
  "^(|\\+.*)$": "stable, with or without metadata",
};
