import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch, textOf } from "@/lib/search";
import { space } from "./parents";
import { project } from "./project";

const projectChannels = createRoute({
  getParentRoute: () => project,
  path: "channels",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/channels/channels-tab"), "ChannelsTab"),
});

const projectChannel = createRoute({
  getParentRoute: () => project,
  path: "channels/$channel",
  component: lazyRouteComponent(() => import("@/features/channels/channel-screen"), "ChannelScreen"),
});

const projectRunbooks = createRoute({
  getParentRoute: () => project,
  path: "runbooks",
  validateSearch: listSearch("branch"),
  component: lazyRouteComponent(() => import("@/features/runbooks/runbooks-tab"), "RunbooksTab"),
});

const projectTriggers = createRoute({
  getParentRoute: () => project,
  path: "triggers",
  validateSearch: listSearch("category"),
  component: lazyRouteComponent(() => import("@/features/triggers/triggers-tab"), "TriggersTab"),
});

const newTrigger = createRoute({
  getParentRoute: () => project,
  path: "triggers/new",
  validateSearch: (search: Record<string, unknown>): { kind?: string } => ({ kind: textOf(search.kind) }),
  component: lazyRouteComponent(() => import("@/features/triggers/trigger-screen"), "NewTriggerScreen"),
});

const projectTrigger = createRoute({
  getParentRoute: () => project,
  path: "triggers/$trigger",
  component: lazyRouteComponent(() => import("@/features/triggers/trigger-screen"), "TriggerScreen"),
});

/** Tabs of a project. */
export const automationTabs = [
  projectChannels,
  projectChannel,
  projectRunbooks,
  projectTriggers,
  newTrigger,
  projectTrigger,
] as const;

/** The frame of a runbook, with a tab for each route below it. */
const runbook = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/runbooks/$runbook",
  validateSearch: (search: Record<string, unknown>): { branch?: string } => ({ branch: textOf(search.branch) }),
  component: lazyRouteComponent(() => import("@/features/runbooks/runbook-frame"), "RunbookFrame"),
});

const runbookOverview = createRoute({
  getParentRoute: () => runbook,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/runbooks/overview-tab"), "RunbookOverviewTab"),
});

const runbookProcess = createRoute({
  getParentRoute: () => runbook,
  path: "process",
  validateSearch: (search: Record<string, unknown>): { step?: string } => ({ step: textOf(search.step) }),
  component: lazyRouteComponent(() => import("@/features/process/process-screen"), "RunbookProcessTab"),
});

const runbookSnapshots = createRoute({
  getParentRoute: () => runbook,
  path: "snapshots",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/runbooks/snapshots-tab"), "SnapshotsTab"),
});

const runbookSnapshot = createRoute({
  getParentRoute: () => runbook,
  path: "snapshots/$snapshot",
  validateSearch: (search: Record<string, unknown>): { show?: string } => ({ show: textOf(search.show) }),
  component: lazyRouteComponent(() => import("@/features/runbooks/snapshot-screen"), "SnapshotScreen"),
});

const runbookRuns = createRoute({
  getParentRoute: () => runbook,
  path: "runs",
  validateSearch: listSearch("environment", "state", "tenant"),
  component: lazyRouteComponent(() => import("@/features/runbooks/runs-tab"), "RunsTab"),
});

const runbookSettings = createRoute({
  getParentRoute: () => runbook,
  path: "settings",
  component: lazyRouteComponent(() => import("@/features/runbooks/settings-tab"), "RunbookSettingsTab"),
});

const runbookTabs = [
  runbookOverview,
  runbookProcess,
  runbookSnapshots,
  runbookSnapshot,
  runbookRuns,
  runbookSettings,
] as const;

interface RunSearch {
  branch?: string;
  environment?: string;
  tenant?: string;
  /** The id of a snapshot, or `draft`. */
  snapshot?: string;
}

const runForm = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/runbooks/$runbook/run",
  validateSearch: (search: Record<string, unknown>): RunSearch => ({
    branch: textOf(search.branch),
    environment: textOf(search.environment),
    tenant: textOf(search.tenant),
    snapshot: textOf(search.snapshot),
  }),
  component: lazyRouteComponent(() => import("@/features/runbooks/run-screen"), "RunScreen"),
});

const operations = createRoute({
  getParentRoute: () => space,
  path: "runbook-runs",
  validateSearch: listSearch("project", "environment", "state"),
  component: lazyRouteComponent(() => import("@/features/runbooks/operations-screen"), "OperationsScreen"),
});

const lifecycles = createRoute({
  getParentRoute: () => space,
  path: "library/lifecycles",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/lifecycles/lifecycles-screen"), "LifecyclesScreen"),
});

const lifecycle = createRoute({
  getParentRoute: () => space,
  path: "library/lifecycles/$lifecycle",
  component: lazyRouteComponent(() => import("@/features/lifecycles/lifecycle-screen"), "LifecycleScreen"),
});

const retention = createRoute({
  getParentRoute: () => space,
  path: "library/retention",
  component: lazyRouteComponent(
    () => import("@/features/lifecycles/default-retention-screen"),
    "DefaultRetentionScreen",
  ),
});

const freezes = createRoute({
  getParentRoute: () => space,
  path: "freezes",
  validateSearch: listSearch("status", "project"),
  component: lazyRouteComponent(() => import("@/features/freezes/freezes-screen"), "FreezesScreen"),
});

const newFreeze = createRoute({
  getParentRoute: () => space,
  path: "freezes/new",
  component: lazyRouteComponent(() => import("@/features/freezes/freeze-screen"), "NewFreezeScreen"),
});

const freeze = createRoute({
  getParentRoute: () => space,
  path: "freezes/$freeze",
  component: lazyRouteComponent(() => import("@/features/freezes/freeze-screen"), "FreezeScreen"),
});

export const automationRoutes = [
  lifecycles,
  lifecycle,
  retention,
  runbook.addChildren(runbookTabs),
  runForm,
  operations,
  freezes,
  newFreeze,
  freeze,
] as const;
