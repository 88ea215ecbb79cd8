import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  type DragMoveEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { useMemo, useState } from "react";
import type { Step } from "../model/document";
import type { StepFaults } from "../model/faults";
import type { Namings } from "../model/marks";
import type { Place } from "../model/places";
import { keyOf } from "../model/places";
import { type Landing, landing, type Row, rowsOf } from "../model/rows";
import { StepRow } from "./step-row";
import classes from "./steps.module.css";
import type { StepVerbs } from "./verbs";

/** How far to the right a line is dragged to become a child, in pixels. */
const INDENT = 24;

interface Props {
  steps: readonly Step[];
  selected: Place | null;
  naming: Namings;
  faults: StepFaults;
  verbs: StepVerbs;
  readOnly: boolean;
  isDimmed: (step: Step, child: number | null) => boolean;
  onLand: (place: Place, to: Landing) => void;
}

/** The steps in their order. Lines are dragged by their handle, by pointer or keyboard; to the right makes a child. */
export function StepList({ steps, selected, naming, faults, verbs, readOnly, isDimmed, onLand }: Props) {
  const rows = useMemo(() => rowsOf(steps), [steps]);
  const ids = useMemo(() => rows.map((row) => row.id), [rows]);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const [dragged, setDragged] = useState<{ id: string; depth: 0 | 1 } | null>(null);
  const target = (event: DragMoveEvent | DragEndEvent) => {
    const row = rows.find((one) => one.id === event.active.id);
    if (!row || !event.over) return null;
    const asked = row.depth * INDENT + event.delta.x >= INDENT ? 1 : 0;
    const to = landing(steps, row.id, String(event.over.id), asked);
    return to && { row, to };
  };
  const end = (event: DragEndEvent) => {
    const found = target(event);
    setDragged(null);
    if (found && (event.over?.id !== event.active.id || found.to.depth !== found.row.depth)) {
      onLand(found.row.place, found.to);
    }
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{ announcements: announcementsFor(rows, steps), screenReaderInstructions: INSTRUCTIONS }}
      onDragMove={(event) => {
        const depth = target(event)?.to.depth ?? 0;
        setDragged((old) => (old?.depth === depth ? old : { id: String(event.active.id), depth }));
      }}
      onDragEnd={end}
      onDragCancel={() => setDragged(null)}
    >
      <SortableContext items={ids} strategy={verticalListSortingStrategy}>
        <ol className={classes.list} aria-label="Steps">
          {rows.map((row) => {
            const step = steps[row.place.step] as Step;
            return (
              <StepRow
                key={row.id}
                row={row}
                step={step}
                naming={naming}
                verbs={verbs}
                readOnly={readOnly}
                isSelected={selected?.step === row.place.step && selected.child === row.place.child}
                isDimmed={isDimmed(step, row.place.child)}
                faults={faults.get(keyOf(step, row.place.child))?.length ?? 0}
                depth={dragged?.id === row.id ? dragged.depth : row.depth}
              />
            );
          })}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

const INSTRUCTIONS = {
  draggable:
    "Press space to lift the step, the arrows to move it, space to drop it, escape to put it back. On the step itself, Alt with an arrow moves it at once: up, down, right into the step before, left out of its parent.",
};

function announcementsFor(rows: readonly Row[], steps: readonly Step[]) {
  const numberOf = (id: string | number) => rows.find((row) => row.id === id)?.number ?? "";
  const named = (id: string | number) => {
    const place = rows.find((row) => row.id === id)?.place;
    const step = place && steps[place.step];
    return (place?.child == null ? step?.Name : step?.Actions[place.child]?.Name) ?? "The step";
  };
  return {
    onDragStart: ({ active }: { active: { id: string | number } }) => `${named(active.id)} is lifted.`,
    onDragOver: ({ active, over }: DragPair) =>
      over ? `${named(active.id)} is at place ${numberOf(over.id)}.` : undefined,
    onDragEnd: ({ active, over }: DragPair) =>
      over ? `${named(active.id)} was moved to place ${numberOf(over.id)}.` : `${named(active.id)} was put back.`,
    onDragCancel: ({ active }: { active: { id: string | number } }) => `${named(active.id)} was put back.`,
  };
}

interface DragPair {
  active: { id: string | number };
  over: { id: string | number } | null;
}
