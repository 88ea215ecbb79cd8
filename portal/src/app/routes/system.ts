import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shell } from "./parents";

const profile = createRoute({
  getParentRoute: () => shell,
  path: "/app/profile",
  component: lazyRouteComponent(() => import("@/features/people/profile-screen"), "ProfileScreen"),
});

export const systemRoutes = [profile] as const;
