import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { space } from "./parents";

/** The frame of a project, with a tab for each route below it. */
export const project = createRoute({
  getParentRoute: () => space,
  path: "projects/$project",
  component: lazyRouteComponent(() => import("@/features/projects/project-frame"), "ProjectFrame"),
});
