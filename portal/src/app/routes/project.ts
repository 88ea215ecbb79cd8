import { createRoute, lazyRouteComponent, retainSearchParams } from "@tanstack/react-router";
import { textOf } from "@/lib/search";
import { space } from "./parents";

/** The frame of a project, with a tab for each route below it. Its tabs stay on the branch that was chosen. */
export const project = createRoute({
  getParentRoute: () => space,
  path: "projects/$project",
  validateSearch: (search: Record<string, unknown>): { branch?: string } => ({ branch: textOf(search.branch) }),
  search: { middlewares: [retainSearchParams(["branch"])] },
  component: lazyRouteComponent(() => import("@/features/projects/project-frame"), "ProjectFrame"),
});

/** The frame of a project's settings, with a section for each route below it. */
export const projectSettings = createRoute({
  getParentRoute: () => project,
  path: "settings",
  component: lazyRouteComponent(() => import("@/features/projects/settings/settings-frame"), "SettingsFrame"),
});
