import type { Announcements, Over, UniqueIdentifier } from "@dnd-kit/core";

/** What a screen reader is told while one of `things` is moved among the others: names and places, no ids. */
export function dragWords(things: readonly { Id: string; Name: string }[], nameless: string): Announcements {
  const indexOf = (id: UniqueIdentifier) => things.findIndex((one) => one.Id === id);
  const nameOf = (id: UniqueIdentifier) => things[indexOf(id)]?.Name || nameless;
  const at = (over: Over | null) => over && `at place ${indexOf(over.id) + 1} of ${things.length}`;
  return {
    onDragStart: ({ active }) => `${nameOf(active.id)} is taken up.`,
    onDragOver: ({ active, over }) => (over ? `${nameOf(active.id)} is ${at(over)}.` : undefined),
    onDragEnd: ({ active, over }) =>
      over ? `${nameOf(active.id)} is put down ${at(over)}.` : `${nameOf(active.id)} is back where it was.`,
    onDragCancel: ({ active }) => `${nameOf(active.id)} is back where it was.`,
  };
}
