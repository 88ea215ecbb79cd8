import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch } from "@/lib/search";
import { space } from "./parents";
import { project } from "./project";

const tenants = createRoute({
  getParentRoute: () => space,
  path: "tenants",
  validateSearch: listSearch("tags", "project", "state"),
  component: lazyRouteComponent(() => import("@/features/tenants/tenants-screen"), "TenantsScreen"),
});

const missing = createRoute({
  getParentRoute: () => space,
  path: "tenants/missing",
  validateSearch: listSearch("tenant", "project", "environment"),
  component: lazyRouteComponent(() => import("@/features/tenants/missing-screen"), "MissingScreen"),
});

/** The frame of a tenant, with a tab for each route below it. */
const tenant = createRoute({
  getParentRoute: () => space,
  path: "tenants/$tenant",
  component: lazyRouteComponent(() => import("@/features/tenants/tenant-frame"), "TenantFrame"),
});

const overview = createRoute({
  getParentRoute: () => tenant,
  path: "/",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/tenants/overview-tab"), "OverviewTab"),
});

const variables = createRoute({
  getParentRoute: () => tenant,
  path: "variables",
  component: lazyRouteComponent(() => import("@/features/variables/tenant-variables-tab"), "TenantVariablesTab"),
});

const tasks = createRoute({
  getParentRoute: () => tenant,
  path: "tasks",
  validateSearch: listSearch("states"),
  component: lazyRouteComponent(() => import("@/features/tenants/tasks-tab"), "TasksTab"),
});

const history = createRoute({
  getParentRoute: () => tenant,
  path: "history",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/tenants/history-tab"), "HistoryTab"),
});

const settings = createRoute({
  getParentRoute: () => tenant,
  path: "settings",
  component: lazyRouteComponent(() => import("@/features/tenants/settings-tab"), "SettingsTab"),
});

export const tenantRoutes = [
  tenants,
  missing,
  tenant.addChildren([overview, variables, tasks, history, settings]),
] as const;

/** Tabs of a project. */
const projectTenants = createRoute({
  getParentRoute: () => project,
  path: "tenants",
  validateSearch: listSearch("tags", "environment", "state", "release"),
  component: lazyRouteComponent(() => import("@/features/tenants/project-tenants-tab"), "ProjectTenantsTab"),
});

export const tenantTabs = [projectTenants] as const;
