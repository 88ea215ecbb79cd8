import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shell } from "./parents";

const users = createRoute({
  getParentRoute: () => shell,
  path: "/app/users",
  component: lazyRouteComponent(() => import("@/features/people/users-screen"), "UsersScreen"),
});

const profile = createRoute({
  getParentRoute: () => shell,
  path: "/app/profile",
  component: lazyRouteComponent(() => import("@/features/people/profile-screen"), "ProfileScreen"),
});

export const systemRoutes = [users, profile] as const;
