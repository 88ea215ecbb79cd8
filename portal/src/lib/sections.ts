/** Within these, the second part of an address is a list of its own; elsewhere it names a thing of one space. */
const OF_LISTS = new Set(["infrastructure", "library"]);

/** Things whose own list is another section. */
const LISTED_IN: Record<string, string> = { deployments: "tasks", releases: "projects" };

/**
 * The path of the same section in another space: a list stays what it is, and a thing, which the other space does not
 * have, becomes the list of its kind.
 */
export function sectionIn(path: string, space: string): string {
  const [app, , section, list] = path.split("/").filter((part) => part !== "");
  if (app !== "app" || section === undefined) return `/app/${space}`;
  if (OF_LISTS.has(section) && list) return `/app/${space}/${section}/${list}`;
  return `/app/${space}/${LISTED_IN[section] ?? section}`;
}
