import { describe, expect, it } from "vitest";
import { previousOf } from "./comparing";

const RELEASES = ["3.0.0", "2.0.0", "1.0.0"].map((Version) => ({ Version }));

describe("what a release is compared with by itself", () => {
  it.each([
    ["3.0.0", "2.0.0"],
    ["1.0.0", "3.0.0"],
    ["0.9.0", "3.0.0"],
  ])("%s with %s", (version, other) => {
    expect(previousOf(RELEASES, version)).toBe(other);
  });

  it("is nothing while there is no other", () => {
    expect(previousOf([{ Version: "1.0.0" }], "1.0.0")).toBeUndefined();
  });
});
