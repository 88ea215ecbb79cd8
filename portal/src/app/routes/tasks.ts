import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch } from "@/lib/search";
import { space } from "./parents";

const deployment = createRoute({
  getParentRoute: () => space,
  path: "deployments/$deployment",
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
  component: lazyRouteComponent(() => import("@/features/tasks/task-screen"), "TaskScreen"),
});

export const taskRoutes = [deployment, tasks, task] as const;
