import { Link, useSearch } from "@tanstack/react-router";
import classes from "@/components/tab-links.module.css";

type Tabs = readonly (readonly [name: string, word: string])[];

/** The tabs of a screen about one thing; the one that is open stands in the address, the first without a name. */
export function ScreenTabs({ label, tabs, open }: { label: string; tabs: Tabs; open: string }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(([name, word], index) => (
        <Link
          key={name}
          to="."
          search={(index === 0 ? {} : { tab: name }) as never}
          className={classes.tab}
          activeProps={{}}
          data-status={name === open ? "active" : "other"}
          aria-current={name === open ? "page" : undefined}
        >
          {word}
        </Link>
      ))}
    </nav>
  );
}

/** The tab that the address names, or the first. */
export function useOpenTab(tabs: Tabs): string {
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  return tabs.some(([name]) => name === tab) ? (tab as string) : (tabs[0]?.[0] ?? "");
}
