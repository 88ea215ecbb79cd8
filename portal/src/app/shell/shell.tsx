import { AppShell, Burger, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";
import { Mark } from "@/components/mark";
import { Navigation } from "./navigation";
import classes from "./shell.module.css";
import { UserMenu } from "./user-menu";

/** The frame around every screen: navigation at the side, below a header on a phone. */
export function Shell() {
  const [open, { toggle, close }] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: arriving at another screen closes the menu
  useEffect(close, [path]);
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <AppShell
        header={{ height: { base: 52, sm: 0 } }}
        navbar={{ width: 224, breakpoint: "sm", collapsed: { mobile: !open } }}
        padding={0}
      >
        <AppShell.Header hiddenFrom="sm" className={classes.header}>
          <Group h="100%" px="md" justify="space-between">
            <Group gap="xs">
              <Burger opened={open} onClick={toggle} size="sm" aria-label="Navigation" />
              <Brand />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar className={classes.navbar} aria-label="Main">
          <AppShell.Section visibleFrom="sm" px="md" py="md">
            <Brand />
          </AppShell.Section>
          <AppShell.Section grow px="xs" style={{ overflowY: "auto" }}>
            <Navigation />
          </AppShell.Section>
          <AppShell.Section p="xs" className={classes.foot}>
            <UserMenu />
          </AppShell.Section>
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          <Outlet />
        </AppShell.Main>
      </AppShell>
    </>
  );
}

function Brand() {
  return (
    <Link to="/app" className={classes.brand} aria-label="Polpo, to the dashboard">
      <Mark size={26} />
      <span>Polpo</span>
    </Link>
  );
}
