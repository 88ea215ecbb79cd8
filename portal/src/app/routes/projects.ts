import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { textOf } from "@/lib/search";
import { automationTabs } from "./automation";
import { space } from "./parents";
import { project } from "./project";
import { releaseTabs } from "./releases";
import { tenantTabs } from "./tenants";
import { variableTabs } from "./variables";

const projects = createRoute({
  getParentRoute: () => space,
  path: "projects",
  component: lazyRouteComponent(() => import("@/features/projects/projects-screen"), "ProjectsScreen"),
});

const projectOverview = createRoute({
  getParentRoute: () => project,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/projects/overview-tab"), "OverviewTab"),
});

const projectProcess = createRoute({
  getParentRoute: () => project,
  path: "process",
  validateSearch: (search: Record<string, unknown>): { step?: string } => ({ step: textOf(search.step) }),
  component: lazyRouteComponent(() => import("@/features/process/process-screen"), "DeploymentProcessTab"),
});

export const projectRoutes = [
  projects,
  project.addChildren([
    projectOverview,
    projectProcess,
    ...variableTabs,
    ...releaseTabs,
    ...automationTabs,
    ...tenantTabs,
  ]),
] as const;
