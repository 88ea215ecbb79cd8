import { describe, expect, it } from "vitest";
import { isUsualExpiry } from "./reschedule";

describe("until when a scheduled deployment may begin", () => {
  it.each([
    ["a day later, as by itself", "2026-11-28T09:00:00Z", "2026-11-29T09:00:00Z", true],
    ["nothing said", "2026-11-28T09:00:00Z", null, true],
    ["a time that somebody chose", "2026-11-28T09:00:00Z", "2026-11-28T11:00:00Z", false],
  ])("%s", (_, QueueTime, QueueTimeExpiry, isUsual) => {
    expect(isUsualExpiry({ QueueTime, QueueTimeExpiry })).toBe(isUsual);
  });
});
