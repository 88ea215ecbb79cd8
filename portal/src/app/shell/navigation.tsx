import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Link, useRouter, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useSpace } from "@/lib/use-space";
import type { Entry } from "../navigation/entry";
import { type NavigationGroup, useNavigationGroups } from "../navigation/groups";
import classes from "./shell.module.css";
import { useFolds } from "./use-folds";

/** Where one can go. */
export function Navigation() {
  const space = useSpace();
  const groups = useNavigationGroups(space);
  const current = useCurrentGroup(groups);
  const folds = useFolds(current);
  const place = useCurrentInSight(current);
  const drawn = groups.map(({ heading, icon: Sign, entries }) => {
    const lines = entries.map((entry) => <Line key={entry.word} entry={entry} space={space} />);
    if (heading === null || !Sign) return <div key="main">{lines}</div>;
    const isOpen = folds.isOpen(heading);
    const id = `navigation-${heading}`;
    return (
      <div key={heading} className={classes.group}>
        <UnstyledButton
          className={classes.heading}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => folds.toggle(heading)}
        >
          <Sign size={18} stroke={1.7} aria-hidden />
          {heading}
          <IconChevronRight size={15} className={classes.fold} aria-hidden />
        </UnstyledButton>
        <div id={id} className={classes.within} hidden={!isOpen}>
          {isOpen && lines}
        </div>
      </div>
    );
  });
  return <div ref={place}>{drawn}</div>;
}

/** Groups that stand open may be longer than the window: the line of the screen that is shown is scrolled to. */
function useCurrentInSight(group: string | null) {
  const place = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another group has its lines elsewhere
  useEffect(() => {
    place.current?.querySelector("[data-status=active]")?.scrollIntoView({ block: "nearest" });
  }, [group]);
  return place;
}

/** The heading of the group that the screen belongs to. */
function useCurrentGroup(groups: NavigationGroup[]): string | null {
  const router = useRouter();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isWithin = (entry: Entry) => {
    const { pathname } = router.buildLocation(entry.link);
    return path === pathname || path.startsWith(`${pathname}/`);
  };
  return groups.find((group) => group.heading !== null && group.entries.some(isWithin))?.heading ?? null;
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
      <span className={classes.word}>{entry.word}</span>
      {Aside && <Aside space={space} />}
    </Link>
  );
}
