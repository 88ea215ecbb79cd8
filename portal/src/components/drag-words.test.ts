import type { Active, Over } from "@dnd-kit/core";
import { expect, test } from "vitest";
import { dragWords } from "./drag-words";

test("a screen reader is told names and places, and never an id", () => {
  const things = [
    { Id: "Tags-1", Name: "Alpha" },
    { Id: "Tags-2", Name: "" },
  ];
  const { onDragStart, onDragOver, onDragEnd, onDragCancel } = dragWords(things, "The new tag");
  const [active, over] = [{ id: "Tags-1" } as Active, { id: "Tags-2" } as Over];
  expect(onDragStart?.({ active })).toBe("Alpha is taken up.");
  expect(onDragOver?.({ active, over })).toBe("Alpha is at place 2 of 2.");
  expect(onDragEnd?.({ active, over })).toBe("Alpha is put down at place 2 of 2.");
  expect(onDragEnd?.({ active, over: null })).toBe("Alpha is back where it was.");
  expect(onDragCancel?.({ active: { id: "Tags-2" } as Active, over })).toBe("The new tag is back where it was.");
});
