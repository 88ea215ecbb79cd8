import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { FILTERS } from "@/features/dashboard/api";
import { listSearch } from "@/lib/search";
import { space } from "./parents";

const dashboard = createRoute({
  getParentRoute: () => space,
  path: "/",
  validateSearch: listSearch(...FILTERS),
  component: lazyRouteComponent(() => import("@/features/dashboard/dashboard-screen"), "DashboardScreen"),
});

const firstSteps = createRoute({
  getParentRoute: () => space,
  path: "start",
  component: lazyRouteComponent(() => import("@/features/dashboard/guide/guide-screen"), "GuideScreen"),
});

export const dashboardRoutes = [dashboard, firstSteps] as const;
