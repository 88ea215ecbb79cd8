import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { variableSearch } from "@/features/variables/editor/search";
import { project } from "./project";

const frame = createRoute({
  getParentRoute: () => project,
  path: "variables",
  component: lazyRouteComponent(() => import("@/features/variables/project/variables-frame"), "VariablesFrame"),
});

const own = createRoute({
  getParentRoute: () => frame,
  path: "/",
  validateSearch: variableSearch,
  component: lazyRouteComponent(() => import("@/features/variables/project/variables-tab"), "VariablesTab"),
});

/** Tabs of a project. */
export const variableTabs = [frame.addChildren([own])] as const;

export const variableRoutes = [] as const;
