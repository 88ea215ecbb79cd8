import { Link, type LinkProps, useLocation } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import classes from "./tab-links.module.css";

export interface TabLink {
  word: string;
  link: Pick<LinkProps, "to" | "params" | "search">;
  /** Lights up on this very screen only, not on those below it. */
  exact?: boolean;
}

/** The tabs of a frame: each is a screen with an address of its own. */
export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  const nav = useRef<HTMLElement>(null);
  const path = useLocation({ select: (location) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another screen lights up another tab
  useEffect(() => showLit(nav.current), [path]);
  return (
    <nav ref={nav} className={classes.tabs} aria-label={label}>
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

/** Where not all tabs have room, the one that is lit is brought into sight. */
function showLit(nav: HTMLElement | null): void {
  const lit = nav?.querySelector('[data-status="active"]');
  if (!nav || !lit || nav.scrollWidth <= nav.clientWidth) return;
  const [frame, tab] = [nav.getBoundingClientRect(), lit.getBoundingClientRect()];
  nav.scrollLeft += tab.left + tab.width / 2 - (frame.left + frame.width / 2);
}
