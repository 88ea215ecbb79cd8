import { arrayMove } from "@dnd-kit/sortable";
import { useState } from "react";
import { Sortable } from "@/components/sortable";
import classes from "./lifecycles.module.css";
import { PhaseCard } from "./phase-card";
import type { Phase } from "./phases";

interface Props {
  space: string;
  phases: Phase[];
  /** Without it the phases are only shown. */
  onChange?: (phases: Phase[]) => void;
  /** The phase that is open to begin with. */
  opened?: string | null;
}

/** The phases as a line of cards, to be put in order by dragging or by keyboard. */
export function PhaseList({ space, phases, onChange, opened = null }: Props) {
  const [open, setOpen] = useState(opened);
  const move = (from: number, to: number) => onChange?.(arrayMove(phases, from, to));
  const change = (next: Phase) => onChange?.(phases.map((one) => (one.Id === next.Id ? next : one)));
  return (
    <Sortable things={phases} nameless="The new phase" onOrder={(next) => onChange?.(next)}>
      <ol className={classes.phases} aria-label="Phases">
        {phases.map((phase, index) => (
          <PhaseCard
            key={phase.Id}
            space={space}
            phase={phase}
            phases={phases}
            number={index + 1}
            isOpen={open === phase.Id}
            onToggle={() => setOpen(open === phase.Id ? null : phase.Id)}
            onChange={onChange && change}
            onMove={onChange && ((step) => move(index, index + step))}
            onRemove={onChange && (() => onChange(phases.filter((one) => one.Id !== phase.Id)))}
          />
        ))}
      </ol>
    </Sortable>
  );
}
