import type { Icon } from "@tabler/icons-react";
import type { LinkProps } from "@tanstack/react-router";
import type { ComponentType } from "react";

/** A line of the navigation. Each area of the portal has a file with its own beside this one. */
export interface Entry {
  word: string;
  icon: Icon;
  link: Pick<LinkProps, "to" | "params">;
  /** Lights up on this very screen only, not on those below it. */
  exact?: boolean;
  /** Shown when the user has any of these permissions in the space or the system; without it, always. */
  permissions?: readonly string[];
  /** At the end of the line: a count. */
  aside?: ComponentType<{ space: string }>;
}
