import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch, textOf } from "@/lib/search";
import { space } from "./parents";

/** Which of a task's tabs is shown; its log without it. */
const tabIn = (search: Record<string, unknown>): { tab?: string } => ({ tab: textOf(search.tab) });

const deployment = createRoute({
  getParentRoute: () => space,
  path: "deployments/$deployment",
  validateSearch: tabIn,
  component: lazyRouteComponent(() => import("@/features/tasks/deployment-screen"), "DeploymentScreen"),
});

const tasks = createRoute({
  getParentRoute: () => space,
  path: "tasks",
  validateSearch: listSearch("show", "kind", "project", "environment", "tenant", "runbook", "node", "own"),
  component: lazyRouteComponent(() => import("@/features/tasks/tasks-screen"), "TasksScreen"),
});

const task = createRoute({
  getParentRoute: () => space,
  path: "tasks/$task",
  validateSearch: tabIn,
  component: lazyRouteComponent(() => import("@/features/tasks/task-screen"), "TaskScreen"),
});

export const taskRoutes = [deployment, tasks, task] as const;
