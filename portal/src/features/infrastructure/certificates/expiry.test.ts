import { expect, it } from "vitest";
import { expiryOf } from "./expiry";

const NOW = Date.parse("2026-06-01T00:00:00Z");

it.each([
  [{ NotAfter: "2027-01-01T00:00:00Z" }, "Valid"],
  [{ NotAfter: "2026-06-15T10:00:00Z" }, "Expires in 14 days"],
  [{ NotAfter: "2026-06-02T06:00:00Z" }, "Expires in 1 day"],
  [{ NotAfter: "2026-06-01T09:00:00Z" }, "Expires within hours"],
  [{ NotAfter: "2026-05-31T00:00:00Z" }, "Expired"],
  [{ NotAfter: "2027-01-01T00:00:00Z", NotBefore: "2026-07-01T00:00:00Z" }, "Not valid yet"],
  [{ NotAfter: "2026-05-31T00:00:00Z", Archived: "2026-05-01T00:00:00Z" }, "Archived"],
  [{}, "Valid"],
])("%j is %s", (dates, word) => {
  expect(expiryOf({ NotAfter: null, NotBefore: null, Archived: null, ...dates }, NOW).word).toBe(word);
});
