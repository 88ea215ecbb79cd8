import { Link } from "@tanstack/react-router";
import { useRights } from "@/api/rights";
import { useSpace } from "@/lib/use-space";
import type { Entry } from "../navigation/entry";
import { infrastructureEntries } from "../navigation/infrastructure";
import { libraryEntries } from "../navigation/library";
import { mainEntries } from "../navigation/main";
import { systemEntries } from "../navigation/system";
import classes from "./shell.module.css";

/** Where one can go; what a user may not even see is left out. */
export function Navigation() {
  const space = useSpace();
  const rights = useRights();
  const groups: [string | null, Entry[]][] = [
    [null, mainEntries(space)],
    ["Infrastructure", infrastructureEntries(space)],
    ["Library", libraryEntries(space)],
    ["Configuration", systemEntries()],
  ];
  const isShown = (entry: Entry) =>
    !entry.permissions || entry.permissions.some((one) => rights.holdsAnywhere(one, space));
  return groups.map(([heading, entries]) => {
    const shown = entries.filter(isShown);
    if (shown.length === 0) return null;
    return (
      <div key={heading ?? "main"}>
        {heading && <div className={classes.heading}>{heading}</div>}
        {shown.map((entry) => (
          <Line key={entry.word} entry={entry} space={space} />
        ))}
      </div>
    );
  });
}

function Line({ entry, space }: { entry: Entry; space: string }) {
  const { icon: Sign, aside: Aside } = entry;
  return (
    <Link
      {...entry.link}
      className={classes.link}
      activeOptions={{ exact: entry.exact ?? false, includeSearch: false }}
    >
      <Sign size={18} stroke={1.7} aria-hidden />
      {entry.word}
      {Aside && <Aside space={space} />}
    </Link>
  );
}
