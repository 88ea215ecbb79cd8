import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch } from "@/lib/search";
import { space } from "./parents";
import { project } from "./project";

const projectChannels = createRoute({
  getParentRoute: () => project,
  path: "channels",
  component: lazyRouteComponent(() => import("@/features/projects/channels-tab"), "ChannelsTab"),
});

/** Tabs of a project. */
export const automationTabs = [projectChannels] as const;

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

export const automationRoutes = [lifecycles, lifecycle, retention] as const;
