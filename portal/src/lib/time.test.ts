import { describe, expect, it } from "vitest";
import { ago, elapsed, lengthOf, sizeOf } from "./time";

const now = Date.parse("2026-03-01T12:00:00Z");

describe("time", () => {
  it.each([
    ["2026-03-01T11:59:57Z", "just now"],
    ["2026-03-01T11:59:20Z", "40 seconds ago"],
    ["2026-03-01T11:57:00Z", "3 minutes ago"],
    ["2026-03-01T07:00:00Z", "5 hours ago"],
    ["2026-02-28T12:00:00Z", "yesterday"],
    ["2026-01-01T12:00:00Z", "2 months ago"],
    ["2026-03-01T12:05:00Z", "in 5 minutes"],
  ])("tells %s as %s", (at, said) => {
    expect(ago(at, now)).toBe(said);
  });

  it.each([
    [900, "0 s"],
    [42_000, "42 s"],
    [185_000, "3 min 5 s"],
    [4_800_000, "1 h 20 min"],
    [187_200_000, "2 d 4 h"],
    [-5, "0 s"],
  ])("tells a length of %d ms as %s", (length, said) => {
    expect(lengthOf(length)).toBe(said);
  });

  it("counts on until there is an end", () => {
    expect(elapsed("2026-03-01T11:59:00Z", null, now)).toBe("1 min 0 s");
    expect(elapsed("2026-03-01T11:59:00Z", "2026-03-01T11:59:30Z", now)).toBe("30 s");
    expect(elapsed("2026-03-01T11:59:00Z", "2026-03-01T11:59:00.420Z", now)).toBe("0.4 s");
    expect(elapsed("2026-03-01T11:59:58.600Z", null, now)).toBe("1 s");
    expect(elapsed(null, null, now)).toBe("");
  });
});

describe("a size", () => {
  it.each([
    [12, "12 B"],
    [2048, "2.0 kB"],
    [15_728_640, "15 MB"],
  ])("of %d bytes is %s", (bytes, said) => {
    expect(sizeOf(bytes)).toBe(said);
  });
});
