import { expect, test } from "vitest";
import { minutesOf, spanOf } from "./timespan";

test.each([
  ["00:01:00", 1],
  ["01:30:00", 90],
  ["1.00:00:00", 1440],
  ["2.03:04:30", 3064.5],
  ["00:00:10", 1 / 6],
])("%s is %d minutes, there and back", (span, minutes) => {
  expect(minutesOf(span)).toBeCloseTo(minutes);
  expect(spanOf(minutes)).toBe(span);
});

test("what is no span is none", () => {
  expect(minutesOf("daily")).toBeNull();
});
