import { DAYS } from "@/lib/days";
import { zoneName } from "@/lib/zone";
import type { Action, Filter, Trigger } from "./api";

/** What a trigger waits for. */
export type Kind = "schedule" | "machine" | "feed" | "git" | "webhook";

export const KINDS: Record<Kind, { title: string; about: string; actions: Action["ActionType"][] }> = {
  schedule: {
    title: "A time",
    about: "Each day or month, in intervals, or by a cron expression.",
    actions: ["DeployLatestRelease", "DeployNewRelease", "RunRunbook"],
  },
  machine: {
    title: "A target",
    about: "A new target, or one that becomes available, gets what its environment runs.",
    actions: ["AutoDeploy"],
  },
  feed: { title: "A package", about: "A new version of a package makes a release.", actions: ["CreateRelease"] },
  git: {
    title: "A commit",
    about: "A change in a repository that steps use makes a release.",
    actions: ["CreateRelease"],
  },
  webhook: { title: "A call", about: "A call from outside runs a runbook.", actions: ["RunRunbook"] },
};

const OF_FILTER: Partial<Record<Filter["FilterType"], Kind>> = {
  MachineFilter: "machine",
  FeedFilter: "feed",
  ArcFeedFilter: "feed",
  GitFilter: "git",
  WebhookFilter: "webhook",
};

export function kindOf(filter: Pick<Filter, "FilterType">): Kind {
  return OF_FILTER[filter.FilterType] ?? "schedule";
}

export function isKind(text: string | undefined): text is Kind {
  return text !== undefined && text in KINDS;
}

const FILTERS: Record<Kind, Partial<Filter> & Pick<Filter, "FilterType">> = {
  schedule: { FilterType: "OnceDailySchedule" },
  machine: {
    FilterType: "MachineFilter",
    EventGroups: ["MachineAvailableForDeployment"],
    EnvironmentIds: [],
    Roles: [],
  },
  feed: { FilterType: "ArcFeedFilter", Packages: [] },
  git: { FilterType: "GitFilter", Sources: [] },
  webhook: { FilterType: "WebhookFilter", RequireApiKey: false },
};

/** What a schedule of each type begins with. */
export function scheduleOf(type: Filter["FilterType"], old: Filter): Filter {
  const shared = { FilterType: type, Id: old.Id, Timezone: old.Timezone || zoneName() };
  const StartTime = old.StartTime ?? timeOf("09:00");
  switch (type) {
    case "ContinuousDailySchedule":
      return bare({ ...shared, Interval: "OnceHourly", HourInterval: 1, DaysOfWeek: daysOf(old) });
    case "DaysPerMonthSchedule":
      return bare({ ...shared, StartTime, MonthlyScheduleType: "DateOfMonth", DateOfMonth: "1" });
    case "CronExpressionSchedule":
      return bare({ ...shared, CronExpression: old.CronExpression ?? "0 0 9 * * Mon-Fri" });
    default:
      return bare({ ...shared, StartTime, DaysOfWeek: daysOf(old) });
  }
}

/** The API fills in and leaves out what the type does not have. */
function bare(given: Partial<Filter>): Filter {
  return given as Filter;
}

/** The days that a filter names, in the order of the week; older clients send one text. */
export function daysOf(filter: Pick<Filter, "DaysOfWeek">): string[] {
  const given = filter.DaysOfWeek;
  if (given === null || given === undefined) return [...DAYS];
  const named = (typeof given === "string" ? given.split(",") : given).map((one) => one.trim().toLowerCase());
  return DAYS.filter((day) => named.includes(day.toLowerCase()));
}

/** `09:30` as the API keeps a time of the day: in a moment whose date means nothing. */
export function timeOf(clock: string): string | null {
  return /^\d\d:\d\d$/.test(clock) ? `2020-01-01T${clock}:00.000` : null;
}

export function clockOf(time: string | null | undefined): string {
  return /T(\d\d:\d\d)/.exec(time ?? "")?.[1] ?? "";
}

export function actionOf(type: Action["ActionType"], old?: Action): Action {
  return { ActionType: type, Id: old?.Id ?? null, TenantIds: old?.TenantIds, TenantTags: old?.TenantTags } as Action;
}

export function newTrigger(kind: Kind, project: string): Trigger {
  const [action = "DeployLatestRelease"] = KINDS[kind].actions;
  const filter = bare(FILTERS[kind]);
  return {
    ProjectId: project,
    Name: "",
    Description: "",
    IsDisabled: false,
    Filter: kind === "schedule" ? scheduleOf("OnceDailySchedule", filter) : filter,
    Action: actionOf(action),
  } as Trigger;
}
