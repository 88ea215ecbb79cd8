import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { project } from "./project";

const projectChannels = createRoute({
  getParentRoute: () => project,
  path: "channels",
  component: lazyRouteComponent(() => import("@/features/projects/channels-tab"), "ChannelsTab"),
});

/** Tabs of a project. */
export const automationTabs = [projectChannels] as const;

export const automationRoutes = [] as const;
