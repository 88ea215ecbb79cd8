import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { Mark } from "@/components/mark";
import { useSpace } from "@/lib/use-space";
import { MaintenanceBar } from "./maintenance-bar";
import { Navigation } from "./navigation";
import { SearchButton, SearchIcon } from "./search/search-button";
import classes from "./shell.module.css";
import { useShortcuts } from "./shortcuts";
import { SpaceSwitch } from "./space-switch";
import { UserMenu } from "./user-menu";

const Palette = lazy(() => import("./search/palette").then((module) => ({ default: module.Palette })));
const ShortcutsHelp = lazy(() => import("./shortcuts-help").then((module) => ({ default: module.ShortcutsHelp })));

type Shown = "search" | "shortcuts" | null;

/** The frame around every screen: navigation at the side, on a phone in a drawer below a header. */
export function Shell() {
  const space = useSpace();
  const [open, { toggle, close }] = useDisclosure(false);
  const [shown, setShown] = useState<Shown>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving at another screen closes the menu
  useEffect(close, [path]);
  const search = useCallback(() => setShown("search"), []);
  const help = useCallback(() => setShown("shortcuts"), []);
  const hide = useCallback(() => setShown(null), []);
  useShortcuts({ space, onSearch: search, onHelp: help });
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell
        header={{ height: { base: 52, sm: 0 } }}
        navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !open } }}
        padding={0}
      >
        <AppShell.Header hiddenFrom="sm" className={classes.header}>
          <Group h="100%" px="md" justify="space-between">
            <Group gap="xs">
              <Burger opened={open} onClick={toggle} size="sm" aria-label="Navigation" aria-expanded={open} />
              <Brand space={space} />
            </Group>
            <SearchIcon onOpen={search} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar} aria-label="Main">
          <AppShell.Section className={classes.head}>
            <span className={classes.brandRow}>
              <Brand space={space} />
            </span>
            <SpaceSwitch />
            <SearchButton onOpen={search} />
          </AppShell.Section>
          <AppShell.Section grow className={classes.lines}>
            <Navigation />
          </AppShell.Section>
          <AppShell.Section p="xs" className={classes.foot}>
            <UserMenu space={space} onShortcuts={help} />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          <MaintenanceBar />
          <Outlet />
        </AppShell.Main>
      </AppShell>
      <Suspense fallback={null}>
        {shown === "search" && <Palette onClose={hide} />}
        {shown === "shortcuts" && <ShortcutsHelp onClose={hide} />}
      </Suspense>
    </>
  );
}

function Brand({ space }: { space: string }) {
  return (
    <Link to="/app/$space" params={{ space }} className={classes.brand} aria-label="Polpo, to the dashboard">
      <Mark size={26} />
      <span>Polpo</span>
    </Link>
  );
}
