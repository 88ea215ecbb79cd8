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
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ActionIcon } from "@mantine/core";
import { IconGripVertical } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { dragWords } from "./drag-words";

interface Props<T> {
  things: readonly T[];
  /** What one without a name is called to a screen reader: "The new tag". */
  nameless: string;
  onOrder: (things: T[]) => void;
  /** The list, of `SortableLine`s. */
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

interface LineProps {
  id: string;
  /** What a screen reader hears of the handle: "Move Test". */
  name: string;
  className: string | undefined;
  handleClass: string | undefined;
  children: ReactNode;
}

/** A line of a `Sortable`, which begins with the handle that it is dragged by. */
export function SortableLine({ id, name, className, handleClass, children }: LineProps) {
  const sortable = useSortable({ id });
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } = sortable;
  return (
    <li
      ref={setNodeRef}
      className={className}
      data-dragging={isDragging || undefined}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      <ActionIcon
        ref={setActivatorNodeRef}
        {...attributes}
        {...listeners}
        aria-label={`Move ${name}`}
        className={handleClass}
      >
        <IconGripVertical size={16} />
      </ActionIcon>
      {children}
    </li>
  );
}
