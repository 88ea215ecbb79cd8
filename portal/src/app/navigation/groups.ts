import { type Icon, IconServer2, IconSettings, IconStack3 } from "@tabler/icons-react";
import { useRights } from "@/api/rights";
import type { Entry } from "./entry";
import { infrastructureEntries } from "./infrastructure";
import { libraryEntries } from "./library";
import { mainEntries } from "./main";
import { systemEntries } from "./system";

/** Lines that belong together. The first group has no heading and does not fold. */
export interface NavigationGroup {
  heading: string | null;
  icon?: Icon;
  entries: Entry[];
}

/** What the user may go to; what they may not even see is left out. */
export function useNavigationGroups(space: string): NavigationGroup[] {
  const rights = useRights();
  const isShown = ({ permissions }: Entry) =>
    !permissions || permissions.some((permission) => rights.holdsAnywhere(permission, space));
  const groups: NavigationGroup[] = [
    { heading: null, entries: mainEntries(space) },
    { heading: "Infrastructure", icon: IconServer2, entries: infrastructureEntries(space) },
    { heading: "Library", icon: IconStack3, entries: libraryEntries(space) },
    { heading: "Configuration", icon: IconSettings, entries: systemEntries(space) },
  ];
  return groups
    .map((group) => ({ ...group, entries: group.entries.filter(isShown) }))
    .filter((group) => group.entries.length > 0);
}
