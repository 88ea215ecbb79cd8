import type { Tag, TagScope, TagSet } from "@/api/tag-sets";

export const SCOPES: { value: TagScope; label: string }[] = [
  { value: "Tenant", label: "Tenants" },
  { value: "Environment", label: "Environments" },
  { value: "Project", label: "Projects" },
  { value: "Runbook", label: "Runbooks" },
  { value: "Target", label: "Targets" },
];

export const TYPES: { value: TagSet["Type"]; label: string; about: string }[] = [
  { value: "MultiSelect", label: "Several tags", about: "Something may have any number of these tags." },
  { value: "SingleSelect", label: "One tag", about: "Something has one of these tags at most." },
  { value: "FreeText", label: "Free texts", about: "Any text is a tag; none are listed here." },
];

export function wordOfType(type: TagSet["Type"]): string {
  return TYPES.find((one) => one.value === type)?.label ?? type;
}

export function wordOfScope(scope: TagScope): string {
  return SCOPES.find((one) => one.value === scope)?.label ?? scope;
}

/** Colours that can be told apart in both schemes; a new tag takes the one that is used least. */
export const COLORS = [
  "#6c3f96",
  "#1c66c9",
  "#0f8a7e",
  "#2f8f46",
  "#9a8600",
  "#d97706",
  "#c4262e",
  "#c2387f",
  "#5b6472",
  "#8a5a3c",
] as const;

let lastKey = 0;

/** A tag that the server does not know yet; it gives it an id of its own. */
export function newTag(tags: readonly Tag[]): Tag {
  lastKey += 1;
  return {
    Id: `new-${lastKey}`,
    Name: "",
    CanonicalTagName: "",
    Color: nextColor(tags),
    Description: "",
    SortOrder: 0,
  };
}

function nextColor(tags: readonly Tag[]): string {
  const uses = (color: string) => tags.filter((tag) => tag.Color.toLowerCase() === color).length;
  return [...COLORS].sort((one, other) => uses(one) - uses(other))[0] ?? COLORS[0];
}

/** The set as it is sent: its tags in the order in which they are shown. */
export function numbered(set: TagSet): TagSet {
  return { ...set, Tags: set.Tags.map((tag, place) => ({ ...tag, SortOrder: place })) };
}

/** What is to be mended before it can be saved; nothing where all is well. */
export function barredBecause(set: TagSet): string | null {
  if (set.Name.trim() === "") return "The tag set needs a name.";
  if (set.Scopes.length === 0) return "Choose what the tags are for.";
  if (set.Tags.some((tag) => tag.Name.trim() === "")) return "Every tag needs a name.";
  const names = set.Tags.map((tag) => tag.Name.trim().toLowerCase());
  const twice = set.Tags.find((_, place) => names.indexOf(names[place] ?? "") !== place);
  return twice ? `There are two tags with the name ${twice.Name.trim()}.` : null;
}
