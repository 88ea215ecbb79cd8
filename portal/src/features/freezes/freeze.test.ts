import { describe, expect, it } from "vitest";
import type { Freeze } from "./api";
import { newFreeze, offsetWords, scheduleOf, scheduleWords, stateOf } from "./freeze";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const freeze = (start: string, end: string, more: Partial<Freeze> = {}): Freeze => ({
  ...newFreeze(),
  Start: start,
  End: end,
  FinalEnd: end,
  ...more,
});
const weekly = scheduleOf("Weekly", null, 60);

describe("a deployment freeze", () => {
  it.each([
    [freeze("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z"), "Holds now"],
    [freeze("2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z"), "To come"],
    [freeze("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"), "Over"],
    [
      freeze("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", {
        FinalEnd: null,
        RecurringSchedule: { ...weekly, StartDate: "2026-11-27T00:00:00Z", EndDate: "2026-11-28T00:00:00Z" },
      }),
      "Holds now",
    ],
  ])("tells its state", (one, word) => {
    expect(stateOf(one, NOW).word).toBe(word);
  });

  it.each([
    [null, "Once"],
    [weekly, "Every week on Friday"],
    [{ ...scheduleOf("Daily", null, 0), Unit: 3 }, "Every 3 days"],
    [{ ...scheduleOf("Monthly", null, 0), DateOfMonth: "L" }, "Every month on the last day"],
    [
      {
        ...scheduleOf("Monthly", null, 0),
        MonthlyScheduleType: "DayOfMonth" as const,
        DayNumberOfMonth: "2",
        DayOfWeek: "Tuesday" as const,
      },
      "Every month on the second Tuesday",
    ],
    [
      { ...scheduleOf("Annually", null, 0), EndType: "OnDate" as const, EndOnDate: "2030-01-01T00:00:00Z" },
      "Every year until 2030-01-01",
    ],
  ])("says when it comes again", (schedule, words) => {
    expect(scheduleWords(schedule)).toBe(words);
  });

  it.each([
    [0, "UTC"],
    [120, "UTC+2"],
    [-210, "UTC-3:30"],
  ])("names the clock %d minutes ahead", (minutes, words) => {
    expect(offsetWords(minutes)).toBe(words);
  });
});
