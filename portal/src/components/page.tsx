import { Anchor, Box, Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import classes from "./page.module.css";

export interface Crumb {
  text: string;
  to: string;
}

interface Props {
  title: string;
  /** Where this screen belongs, from the outside in. */
  crumbs?: Crumb[];
  /** Before the title: a picture of what is shown. */
  sign?: ReactNode;
  /** Beside the title: a state, a channel. */
  aside?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** Tabs below the title. */
  tabs?: ReactNode;
  children: ReactNode;
  /** Fills the window's height, for screens that scroll within. */
  fill?: boolean;
}

/** Every screen's frame: where one is, what it is, what can be done. */
export function Page({ title, crumbs = [], sign, aside, description, actions, tabs, children, fill }: Props) {
  useDocumentTitle([title, ...crumbs.map((crumb) => crumb.text).reverse(), "Polpo"].join(" · "));
  return (
    <div className={classes.page} data-fill={fill || undefined}>
      <header className={classes.header} data-tabs={tabs ? true : undefined}>
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb">
            <Group gap={6} mb={2}>
              {crumbs.map((crumb, at) => (
                <Group key={crumb.to} gap={6}>
                  {at > 0 && (
                    <Text size="sm" c="dimmed" aria-hidden>
                      /
                    </Text>
                  )}
                  <Anchor component={Link} to={crumb.to} size="sm" c="dimmed">
                    {crumb.text}
                  </Anchor>
                </Group>
              ))}
            </Group>
          </nav>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          <Stack gap={2} miw={0}>
            <Group gap="sm">
              {sign}
              <Title order={1} className={classes.title}>
                {title}
              </Title>
              {aside}
            </Group>
            {description && (
              <Text size="sm" c="dimmed" component="div">
                {description}
              </Text>
            )}
          </Stack>
          {actions && <Group gap="xs">{actions}</Group>}
        </Group>
        {tabs}
      </header>
      <Box className={classes.content}>{children}</Box>
    </div>
  );
}

/** One group of things on a screen, on a surface of its own. */
export function Panel({ title, aside, children, flush }: PanelProps) {
  return (
    <section className={classes.panel} aria-label={title}>
      {title && (
        <Group justify="space-between" className={classes.panelHead}>
          <Title order={2}>{title}</Title>
          {aside}
        </Group>
      )}
      <div className={flush ? undefined : classes.panelBody}>{children}</div>
    </section>
  );
}

interface PanelProps {
  title?: string;
  aside?: ReactNode;
  children: ReactNode;
  /** No inner margin: for tables and lists that reach the edges. */
  flush?: boolean;
}
