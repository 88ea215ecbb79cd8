import { describe, expect, it } from "vitest";
import { csrfToken, hasSession } from "./client";
import { ApiError, errorFrom, sentenceOf } from "./errors";

describe("the session's cookies", () => {
  const cookies = "theme=dark; Octopus-Csrf-Token_other=AAA; Octopus-Csrf-Token_mine=B%2Fb%3D";

  it("give the token of this installation, not of another on the same host", () => {
    expect(csrfToken(cookies, "mine")).toBe("B/b=");
    expect(csrfToken(cookies, "none")).toBe("");
  });

  it("tell whether there may be a session", () => {
    expect(hasSession(cookies)).toBe(true);
    expect(hasSession("theme=dark")).toBe(false);
  });
});

describe("an error answer", () => {
  it("keeps the API's sentence and the faults that say more", () => {
    const error = errorFrom(400, {
      ErrorMessage: "Not so.",
      Errors: ["Not so.", "Name is missing."],
      HelpText: "Add one.",
    });
    expect([error.message, error.faults, error.help]).toEqual(["Not so.", ["Name is missing."], "Add one."]);
  });

  it("has a sentence when something in between answered", () => {
    expect(errorFrom(502, "<html>").message).toBe("The server answered 502 without saying why.");
  });

  it("is told from a connection that broke", () => {
    expect(sentenceOf(new TypeError("Failed to fetch"))).toContain("cannot be reached");
    expect(sentenceOf(new ApiError(409, "Taken."))).toBe("Taken.");
  });
});
