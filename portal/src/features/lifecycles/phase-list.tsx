import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { useState } from "react";
import { dragWords } from "@/components/drag-words";
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
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const move = (from: number, to: number) => onChange?.(arrayMove(phases, from, to));
  const drop = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return;
    const place = (id: unknown) => phases.findIndex((one) => one.Id === id);
    move(place(active.id), place(over.id));
  };
  const change = (next: Phase) => onChange?.(phases.map((one) => (one.Id === next.Id ? next : one)));
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{ announcements: dragWords(phases, "The new phase") }}
      onDragEnd={drop}
    >
      <SortableContext items={phases.map((one) => one.Id)} strategy={verticalListSortingStrategy}>
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
      </SortableContext>
    </DndContext>
  );
}
