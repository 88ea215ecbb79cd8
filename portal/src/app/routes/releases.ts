import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch, textOf } from "@/lib/search";
import { space } from "./parents";
import { project } from "./project";

const projectReleases = createRoute({
  getParentRoute: () => project,
  path: "releases",
  validateSearch: listSearch("channel"),
  component: lazyRouteComponent(() => import("@/features/releases/releases-tab"), "ReleasesTab"),
});

const newRelease = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/new-release",
  component: lazyRouteComponent(() => import("@/features/releases/new-release-screen"), "NewReleaseScreen"),
});

const release = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/releases/$version",
  component: lazyRouteComponent(() => import("@/features/releases/release-screen"), "ReleaseScreen"),
});

const deploy = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/releases/$version/deploy",
  validateSearch: (search: Record<string, unknown>): { environment?: string } => ({
    environment: textOf(search.environment),
  }),
  component: lazyRouteComponent(() => import("@/features/releases/deploy-screen"), "DeployScreen"),
});

const releaseById = createRoute({
  getParentRoute: () => space,
  path: "releases/$release",
  component: lazyRouteComponent(() => import("@/features/releases/release-by-id"), "ReleaseById"),
});

export const releaseRoutes = [newRelease, release, deploy, releaseById] as const;

/** Tabs of a project. */
export const releaseTabs = [projectReleases] as const;
