import { Collapse, Text, UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import classes from "./form.module.css";

/** Which sections stand open, for as long as the page does: the next step is looked at in the same way. */
const opened = new Map<string, boolean>();

interface Props {
  title: string;
  /** What it says, in one line, while it is folded. */
  summary: string;
  /** Whether it stands open until somebody folds it. */
  open?: boolean;
  children: ReactNode;
}

/** A part of the form that folds. What is folded is not drawn. */
export function Section({ title, summary, open = false, children }: Props) {
  const [isOpen, setOpen] = useState(opened.get(title) ?? open);
  const id = useId();
  const toggle = () => {
    opened.set(title, !isOpen);
    setOpen(!isOpen);
  };
  return (
    <section className={classes.section}>
      <h3 className={classes.head}>
        <UnstyledButton className={classes.toggle} onClick={toggle} aria-expanded={isOpen} aria-controls={id}>
          <IconChevronRight size={15} className={classes.chevron} data-open={isOpen} aria-hidden />
          <span className={classes.title}>{title}</span>
          {!isOpen && (
            <Text component="span" size="sm" c="dimmed" className={classes.summary}>
              {summary}
            </Text>
          )}
        </UnstyledButton>
      </h3>
      <Collapse expanded={isOpen} id={id} transitionDuration={0}>
        {isOpen && <div className={classes.body}>{children}</div>}
      </Collapse>
    </section>
  );
}
