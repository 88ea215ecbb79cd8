import { Group, Text } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

interface Props {
  tone: "failed" | "waiting" | "idle";
  icon: Icon;
  title?: string;
  /** Read out at once by screen readers. */
  alert?: boolean;
  children: ReactNode;
}

/** Something to know before going on, on the ground of its state. */
export function Notice({ tone, icon: Sign, title, alert, children }: Props) {
  return (
    <div className={classes.notice} data-tone={tone} role={alert ? "alert" : undefined}>
      <Group gap={12} wrap="nowrap" align="flex-start">
        <Sign size={18} className={classes.sign} aria-hidden />
        <div className={classes.words}>
          {title && (
            <Text size="md" fw={600} className={classes.title}>
              {title}
            </Text>
          )}
          {children}
        </div>
      </Group>
    </div>
  );
}
