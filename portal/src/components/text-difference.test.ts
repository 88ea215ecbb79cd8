import { describe, expect, it } from "vitest";
import { linesOf } from "./text-difference";

describe("the lines of a difference", () => {
  it("are what came and went, with a little around it", () => {
    const before = ["1", "2", "3", "4", "5", "6", "7"].join("\n");
    const shown = linesOf(before, before.replace("5", "five")).map((line) => `${line.kind} ${line.text}`);
    expect(shown).toEqual(["gap ", "same 3", "same 4", "removed 5", "added five", "same 6", "same 7"]);
  });

  it("are none but a gap between equal texts", () => {
    expect(linesOf("a\nb", "a\nb")).toEqual([{ kind: "gap", text: "" }]);
  });
});
