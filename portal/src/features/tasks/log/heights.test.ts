import { describe, expect, it } from "vitest";
import { Heights } from "./heights";

describe("where rows stand", () => {
  it("is a matter of counting while all have the usual height", () => {
    const heights = new Heights(1_000_000, 22);
    expect(heights.total).toBe(22_000_000);
    expect(heights.startOf(999_999)).toBe(21_999_978);
    expect([heights.at(0), heights.at(21), heights.at(22), heights.at(11_000_000)]).toEqual([0, 0, 1, 500_000]);
  });

  it("takes those that differ into account, also when they are measured again", () => {
    const heights = new Heights(2000, 20);
    expect(heights.set(3, 60)).toBe(40);
    expect(heights.set(3, 50)).toBe(-10);
    expect(heights.set(1500, 40)).toBe(20);
    expect(heights.total).toBe(2000 * 20 + 50);
    expect([heights.startOf(3), heights.startOf(4), heights.startOf(1501)]).toEqual([60, 110, 1501 * 20 + 50]);
    for (const index of [0, 3, 4, 511, 512, 1499, 1500, 1501, 1999]) {
      expect(heights.at(heights.startOf(index))).toBe(index);
      expect(heights.at(heights.startOf(index) + heights.of(index) - 1)).toBe(index);
    }
  });

  it("ends at the first and the last row", () => {
    const heights = new Heights(10, 20);
    expect([heights.at(-50), heights.at(10_000)]).toEqual([0, 9]);
    expect(new Heights(0, 20).at(5)).toBe(0);
  });
});
