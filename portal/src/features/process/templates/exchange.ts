import type { Template } from "../api";

/** What of a template is not its own: where it lies, who changed it, and how the community calls it. */
const OF_THE_SPACE = new Set([
  "Id",
  "SpaceId",
  "Links",
  "Version",
  "LastModifiedOn",
  "LastModifiedBy",
  "CommunityActionTemplateId",
  "CommunityActionTemplateVersion",
]);

/** The text of a file that another space, or the original, can import. Secrets are not in it: nobody can read them. */
export function exported(template: Template, now: string): string {
  const content = Object.entries(template).filter(([name]) => !OF_THE_SPACE.has(name));
  const meta = { ExportedAt: now, Type: "ActionTemplate" };
  return JSON.stringify({ ...Object.fromEntries(content), Version: template.Version, $Meta: meta }, null, 2);
}

/** Reads such a file; a sentence says what is wrong with one that is none. */
export function imported(text: string): { template: Partial<Template> } | { fault: string } {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { fault: "This is no JSON." };
  }
  if (typeof given !== "object" || given === null || Array.isArray(given))
    return { fault: "This is no step template." };
  const { Name, ActionType } = given as Partial<Template>;
  if (typeof Name !== "string" || typeof ActionType !== "string") {
    return { fault: "This is no step template: it has no Name or no ActionType." };
  }
  const kept = Object.entries(given).filter(([name]) => !OF_THE_SPACE.has(name) && KNOWN.has(name));
  return { template: Object.fromEntries(kept) as Partial<Template> };
}

/** Exports of others have more, such as `$Meta` and `Category`, which a template of a space has not. */
const KNOWN = new Set([
  "Name",
  "Description",
  "ActionType",
  "Packages",
  "GitDependencies",
  "Properties",
  "Parameters",
  "Inputs",
  "StepPackageVersion",
]);
