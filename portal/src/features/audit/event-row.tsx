import { UnstyledButton } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { useId, useState } from "react";
import { Ago } from "@/components/time";
import type { Event } from "./api";
import classes from "./audit.module.css";
import { EventDetails } from "./event-details";
import { partsOf } from "./message";

/** One event as a line, which opens to all that is known of it. */
export function EventRow({ event, isFirstOpen = false }: { event: Event; isFirstOpen?: boolean }) {
  const [isOpen, setOpen] = useState(isFirstOpen);
  const body = useId();
  return (
    <li className={classes.row}>
      <UnstyledButton
        className={classes.head}
        aria-expanded={isOpen}
        aria-controls={body}
        onClick={() => setOpen(!isOpen)}
      >
        <IconChevronRight size={16} className={classes.sign} aria-hidden />
        <span className={classes.message}>
          {partsOf(event).map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text have no other key
            <span key={index} className={part.document ? classes.name : undefined}>
              {part.text}
            </span>
          ))}
        </span>
        <span className={classes.aside}>{event.Username}</span>
        <span className={classes.aside}>{event.Occurred && <Ago at={event.Occurred} />}</span>
      </UnstyledButton>
      <div id={body} hidden={!isOpen} className={classes.body}>
        {isOpen && <EventDetails id={event.Id} />}
      </div>
    </li>
  );
}
