import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { space } from "./parents";

const dashboard = createRoute({
  getParentRoute: () => space,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/dashboard/dashboard-screen"), "DashboardScreen"),
});

export const dashboardRoutes = [dashboard] as const;
