import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch, textOf } from "@/lib/search";
import { space } from "./parents";

const environments = createRoute({
  getParentRoute: () => space,
  path: "infrastructure/environments",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/infrastructure/environments-screen"), "EnvironmentsScreen"),
});

const targets = createRoute({
  getParentRoute: () => space,
  path: "infrastructure/targets",
  validateSearch: (search: Record<string, unknown>): { environment?: string } => ({
    environment: textOf(search.environment),
  }),
  component: lazyRouteComponent(() => import("@/features/infrastructure/targets-screen"), "TargetsScreen"),
});

const target = createRoute({
  getParentRoute: () => space,
  path: "infrastructure/targets/$target",
  component: lazyRouteComponent(() => import("@/features/infrastructure/target-screen"), "TargetScreen"),
});

export const infrastructureRoutes = [environments, targets, target] as const;
