import { describe, expect, it } from "vitest";
import type { Action, Filter } from "./api";
import { clockOf, daysOf, isKind, KINDS, type Kind, kindOf, newTrigger, scheduleOf, timeOf } from "./kinds";
import { cronWords, doesWords, whenWords } from "./words";

const at9 = "2020-01-01T09:00:00.000Z";
const names = { environment: (id: string) => id, runbook: (id: string) => id };

describe("triggers in words", () => {
  it.each([
    [{ FilterType: "OnceDailySchedule", StartTime: at9 }, "Every day at 09:00"],
    [
      { FilterType: "OnceDailySchedule", StartTime: at9, DaysOfWeek: "Monday,Tuesday,Wednesday,Thursday,Friday" },
      "Weekdays at 09:00",
    ],
    [{ FilterType: "OnceDailySchedule", StartTime: at9, DaysOfWeek: ["Sunday", "Monday"] }, "Mon, Sun at 09:00"],
    [{ FilterType: "ContinuousDailySchedule", Interval: "OnceHourly", HourInterval: 2 }, "Every day, every 2 hours"],
    [
      {
        FilterType: "ContinuousDailySchedule",
        Interval: "OnceEveryMinute",
        MinuteInterval: 1,
        RunAfter: at9,
        RunUntil: "2020-01-01T17:30:00",
      },
      "Every day, every minute from 09:00 until 17:30",
    ],
    [{ FilterType: "DaysPerWeekSchedule", StartTime: at9, Friday: true, RunType: "ScheduledTime" }, "Fri at 09:00"],
    [
      { FilterType: "DaysPerMonthSchedule", StartTime: at9, MonthlyScheduleType: "DateOfMonth", DateOfMonth: "L" },
      "The last day of the month at 09:00",
    ],
    [
      {
        FilterType: "DaysPerMonthSchedule",
        StartTime: at9,
        MonthlyScheduleType: "DayOfMonth",
        DayNumberOfMonth: "2",
        DayOfWeek: "Tuesday",
      },
      "The second Tuesday of the month at 09:00",
    ],
    [{ FilterType: "CronExpressionSchedule", CronExpression: "0 0 6 * * Mon-Fri" }, "At 06:00, Monday through Friday"],
    [{ FilterType: "CronExpressionSchedule", CronExpression: "nonsense" }, "Cron nonsense"],
    [{ FilterType: "GitFilter" }, "A commit in a repository"],
  ])("says of %j: %s", (filter, words) => {
    expect(whenWords(filter as unknown as Filter)).toBe(words);
  });

  it.each([
    ["0 0/15 * * * *", "Every 15 minutes"],
    ["0 0 6 L * ?", "At 06:00, on the last day of the month"],
    ["", null],
    ["1 2", null],
  ])("explains the cron expression %j", (expression, words) => {
    expect(cronWords(expression)).toBe(words);
  });

  it("says what is deployed where", () => {
    const action = {
      ActionType: "DeployLatestRelease",
      SourceEnvironmentIds: ["Dev"],
      DestinationEnvironmentId: "Test",
    };
    expect(doesWords(action as Action, names)).toBe("Deploy the latest release of Dev to Test");
    const run = { ActionType: "RunRunbook", RunbookId: "Backup", EnvironmentIds: ["Test", "Live"] };
    expect(doesWords(run as Action, names)).toBe("Run Backup in Test, Live");
  });
});

describe("the form of a trigger", () => {
  it("keeps a time of the day to and fro", () => {
    expect(clockOf(timeOf("07:45"))).toBe("07:45");
    expect([timeOf(""), clockOf(null)]).toEqual([null, ""]);
  });

  it("takes days as a list or as one text", () => {
    expect(daysOf({ DaysOfWeek: "sunday, Monday" })).toEqual(["Monday", "Sunday"]);
    expect(daysOf({ DaysOfWeek: null })).toHaveLength(7);
  });

  it("keeps time, days and zone when the schedule's type changes", () => {
    const old = { FilterType: "OnceDailySchedule", StartTime: at9, DaysOfWeek: ["Friday"], Timezone: "Europe/Rome" };
    expect(scheduleOf("DaysPerMonthSchedule", old as Filter)).toMatchObject({
      StartTime: at9,
      Timezone: "Europe/Rome",
    });
    expect(scheduleOf("ContinuousDailySchedule", old as Filter)).toMatchObject({ DaysOfWeek: ["Friday"] });
  });

  it("begins each kind with a filter of that kind and an action that fits it", () => {
    for (const kind of Object.keys(KINDS) as Kind[]) {
      const made = newTrigger(kind, "Projects-1");
      expect([kindOf(made.Filter), isKind(kind)]).toEqual([kind, true]);
      expect(KINDS[kind].actions).toContain(made.Action.ActionType);
    }
  });
});
