import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch, textOf } from "@/lib/search";
import { automationTabs } from "./automation";
import { space } from "./parents";
import { project, projectSettings } from "./project";
import { releaseTabs } from "./releases";
import { tenantTabs } from "./tenants";
import { variableTabs } from "./variables";

const projects = createRoute({
  getParentRoute: () => space,
  path: "projects",
  validateSearch: listSearch("group"),
  component: lazyRouteComponent(() => import("@/features/projects/projects-screen"), "ProjectsScreen"),
});

const projectOverview = createRoute({
  getParentRoute: () => project,
  path: "/",
  validateSearch: (search: Record<string, unknown>): { channel?: string } => ({ channel: textOf(search.channel) }),
  component: lazyRouteComponent(() => import("@/features/projects/overview-tab"), "OverviewTab"),
});

const projectProcess = createRoute({
  getParentRoute: () => project,
  path: "process",
  validateSearch: (search: Record<string, unknown>): { step?: string } => ({ step: textOf(search.step) }),
  component: lazyRouteComponent(() => import("@/features/process/process-screen"), "DeploymentProcessTab"),
});

const generalSettings = createRoute({
  getParentRoute: () => projectSettings,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/projects/settings/general-section"), "GeneralSection"),
});

const deploymentSettings = createRoute({
  getParentRoute: () => projectSettings,
  path: "deployments",
  component: lazyRouteComponent(() => import("@/features/projects/settings/deployment-section"), "DeploymentSection"),
});

const tenantSettings = createRoute({
  getParentRoute: () => projectSettings,
  path: "tenants",
  component: lazyRouteComponent(() => import("@/features/projects/settings/tenants-section"), "TenantsSection"),
});

const versionControlSettings = createRoute({
  getParentRoute: () => projectSettings,
  path: "version-control",
  component: lazyRouteComponent(
    () => import("@/features/versioncontrol/version-control-section"),
    "VersionControlSection",
  ),
});

export const projectRoutes = [
  projects,
  project.addChildren([
    projectOverview,
    projectProcess,
    projectSettings.addChildren([generalSettings, deploymentSettings, tenantSettings, versionControlSettings]),
    ...variableTabs,
    ...releaseTabs,
    ...automationTabs,
    ...tenantTabs,
  ]),
] as const;
