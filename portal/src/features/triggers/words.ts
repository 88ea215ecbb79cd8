import cronstrue from "cronstrue";
import { DAYS } from "@/lib/days";
import type { Action, Filter } from "./api";
import { clockOf, daysOf } from "./kinds";

/** A cron expression in words; null while it cannot be read. */
export function cronWords(expression: string | null | undefined): string | null {
  const text = (expression ?? "").trim();
  if (!text) return null;
  try {
    return cronstrue.toString(text, { use24HourTimeFormat: true, dayOfWeekStartIndexZero: true });
  } catch {
    return null;
  }
}

/** When a trigger starts something, in words, such as `Weekdays at 09:00`. */
export function whenWords(filter: Filter): string {
  switch (filter.FilterType) {
    case "OnceDailySchedule":
      return `${dayWords(daysOf(filter))} at ${clockOf(filter.StartTime)}`;
    case "ContinuousDailySchedule":
      return `${dayWords(daysOf(filter))}, ${intervalWords(filter)}${windowWords(filter)}`;
    case "DailySchedule":
      return intervalOrTime("Every day", filter);
    case "DaysPerWeekSchedule":
      return intervalOrTime(dayWords(DAYS.filter((day) => filter[day])), filter);
    case "DaysPerMonthSchedule":
      return `${monthWords(filter)} at ${clockOf(filter.StartTime)}`;
    case "CronExpressionSchedule":
      return cronWords(filter.CronExpression) ?? `Cron ${filter.CronExpression ?? ""}`;
    case "MachineFilter":
      return "Something happens to a target";
    case "FeedFilter":
      return "A new version in an external feed";
    case "ArcFeedFilter":
      return "A new version in the built-in feed";
    case "GitFilter":
      return "A commit in a repository";
    default:
      return "A call from outside";
  }
}

function intervalOrTime(days: string, filter: Filter): string {
  const isSpaced = filter.RunType === "Continuously" && filter.Interval !== "OnceDaily";
  return isSpaced ? `${days}, ${intervalWords(filter)}` : `${days} at ${clockOf(filter.StartTime)}`;
}

export function dayWords(days: readonly string[]): string {
  const weekdays = DAYS.slice(0, 5);
  if (days.length === 7) return "Every day";
  if (days.length === 5 && weekdays.every((day) => days.includes(day))) return "Weekdays";
  if (days.length === 0) return "On no day";
  return days.map((day) => day.slice(0, 3)).join(", ");
}

function intervalWords(filter: Filter): string {
  const [count, one] =
    filter.Interval === "OnceEveryMinute" ? [filter.MinuteInterval ?? 1, "minute"] : [filter.HourInterval ?? 1, "hour"];
  return count === 1 ? `every ${one}` : `every ${count} ${one}s`;
}

function windowWords(filter: Filter): string {
  const [from, until] = [clockOf(filter.RunAfter), clockOf(filter.RunUntil)];
  return `${from && ` from ${from}`}${until && ` until ${until}`}`;
}

const NTH: Record<string, string> = { "1": "first", "2": "second", "3": "third", "4": "fourth", L: "last" };

function monthWords(filter: Filter): string {
  if (filter.MonthlyScheduleType === "DayOfMonth") {
    return `The ${NTH[(filter.DayNumberOfMonth ?? "").toUpperCase()] ?? "?"} ${filter.DayOfWeek ?? "day"} of the month`;
  }
  const date = (filter.DateOfMonth ?? "").toUpperCase();
  return date === "L" ? "The last day of the month" : `Day ${date} of the month`;
}

export const ACTION_WORDS: Record<Action["ActionType"], string> = {
  AutoDeploy: "Deploy to the target",
  DeployLatestRelease: "Deploy the latest release",
  DeployLatestReleaseToEnvironment: "Deploy the latest release again",
  DeployNewRelease: "Make a release and deploy it",
  RunRunbook: "Run a runbook",
  CreateRelease: "Make a release",
};

interface Names {
  environment: (id: string) => string;
  runbook: (id: string) => string;
}

/** What a trigger does, with the names of what it names. */
export function doesWords(action: Action, { environment, runbook }: Names): string {
  const places = (ids: readonly (string | null | undefined)[]) =>
    ids.filter((id) => typeof id === "string" && id !== "").map((id) => environment(id as string));
  switch (action.ActionType) {
    case "DeployLatestRelease": {
      const from = places(action.SourceEnvironmentIds ?? []).join(", ");
      return `Deploy the latest release of ${from} to ${places([action.DestinationEnvironmentId]).join()}`;
    }
    case "DeployLatestReleaseToEnvironment":
      return `Deploy the latest release again to ${places([action.EnvironmentId]).join()}`;
    case "DeployNewRelease":
      return `Make a release and deploy it to ${places([action.EnvironmentId]).join()}`;
    case "RunRunbook": {
      const what = action.RunbookId ? `Run ${runbook(action.RunbookId)}` : "Run runbooks by tags";
      return `${what} in ${places(action.EnvironmentIds ?? []).join(", ")}`;
    }
    default:
      return ACTION_WORDS[action.ActionType];
  }
}
