import { Link, type LinkProps } from "@tanstack/react-router";
import classes from "./tab-links.module.css";

export interface TabLink {
  word: string;
  link: Pick<LinkProps, "to" | "params" | "search">;
  /** Lights up on this very screen only, not on those below it. */
  exact?: boolean;
}

/** The tabs of a frame: each is a screen with an address of its own. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(({ word, link, exact }) => (
        <Link
          key={word}
          {...link}
          activeOptions={{ exact: exact ?? false, includeSearch: false }}
          className={classes.tab}
        >
          {word}
        </Link>
      ))}
    </nav>
  );
}
