import { expect, test } from "vitest";
import { partsOf } from "./message";

const names = (StartIndex: number, Length: number, ReferencedDocumentId = "Projects-1") => ({
  StartIndex,
  Length,
  ReferencedDocumentId,
});

test.each([
  ["Project Shop was changed", [names(8, 4)], ["Project ", "[Shop]", " was changed"]],
  ["Shop was changed", [names(0, 4)], ["[Shop]", " was changed"]],
  ["Project 🐙 was changed", [names(8, 1)], ["Project ", "[🐙]", " was changed"]],
  ["Release 1.0 of Shop", [names(15, 4), names(8, 3, "Releases-1")], ["Release ", "[1.0]", " of ", "[Shop]"]],
  ["Somebody signed in", [], ["Somebody signed in"]],
  ["", [], []],
])("%s", (Message, MessageReferences, shown) => {
  const parts = partsOf({ Message, MessageReferences });
  expect(parts.map((part) => (part.document ? `[${part.text}]` : part.text))).toEqual(shown);
});
