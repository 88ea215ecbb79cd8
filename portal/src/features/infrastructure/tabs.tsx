import { Link, useSearch } from "@tanstack/react-router";
import classes from "@/components/tab-links.module.css";

type Tabs = readonly (readonly [name: string, word: string])[];

/** The tabs of a screen about one thing; the one that is open stands in the address, the first without a name. */
export function ScreenTabs({ label, tabs }: { label: string; tabs: Tabs }) {
  return (
    <nav className={classes.tabs} aria-label={label}>
      {tabs.map(([name, word], index) => (
        <Link
          key={name}
          to="."
          search={{ tab: index === 0 ? undefined : name } as never}
          activeOptions={{ exact: true, includeSearch: true }}
          className={classes.tab}
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
