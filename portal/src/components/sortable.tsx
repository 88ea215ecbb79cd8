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
import type { ReactNode } from "react";
import { dragWords } from "./drag-words";

interface Props<T> {
  things: readonly T[];
  /** What one without a name is called to a screen reader: "The new tag". */
  nameless: string;
  onOrder: (things: T[]) => void;
  /** The list, each line of which calls `useSortable` with the id of its thing. */
  children: ReactNode;
}

/** A list to be put in order: dragged by a handle, or by keyboard with space and the arrows; told to screen readers. */
export function Sortable<T extends { Id: string; Name: string }>({ things, nameless, onOrder, children }: Props<T>) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const place = (id: unknown) => things.findIndex((one) => one.Id === id);
  const drop = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) onOrder(arrayMove([...things], place(active.id), place(over.id)));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{ announcements: dragWords(things, nameless) }}
      onDragEnd={drop}
    >
      <SortableContext items={things.map((one) => one.Id)} strategy={verticalListSortingStrategy}>
        {children}
      </SortableContext>
    </DndContext>
  );
}
