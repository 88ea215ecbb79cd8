import { describe, expect, it } from "vitest";
import { secondsOf, spanOf, unitOf } from "./spans";

const TABLE: [string, number, number][] = [
  ["00:00:00", 0, 60],
  ["00:00:45", 45, 1],
  ["00:02:30", 150, 1],
  ["00:10:00", 600, 60],
  ["01:00:00", 3600, 3600],
  ["1.00:00:00", 86_400, 86_400],
  ["1.02:00:00", 93_600, 3600],
  ["30.00:00:00", 2_592_000, 86_400],
];

describe("lengths of time", () => {
  it.each(TABLE)("%s is %i seconds", (text, seconds, unit) => {
    expect(secondsOf(text)).toBe(seconds);
    expect(spanOf(seconds)).toBe(text);
    expect(unitOf(seconds)).toBe(unit);
  });
  it.each([null, "", "soon", "1:2"])("%s is none", (text) => expect(secondsOf(text)).toBeNull());
});
