import { expect, test } from "vitest";
import { uptimeOf } from "./uptime";

test.each([
  ["00:00:20", "20 s"],
  ["00:03:05", "3 min 5 s"],
  ["02:30:00", "2 h 30 min"],
  ["3.04:00:00", "3 d 4 h"],
  ["since ever", "since ever"],
])("%s is %s", (span, said) => {
  expect(uptimeOf(span)).toBe(said);
});
