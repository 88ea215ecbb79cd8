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
  validateSearch: (search: Record<string, unknown>): { channel?: string; branch?: string } => ({
    channel: textOf(search.channel),
    branch: textOf(search.branch),
  }),
  component: lazyRouteComponent(() => import("@/features/releases/new-release-screen"), "NewReleaseScreen"),
});

/** The frame of a release, with a tab for each route below it. */
const release = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/releases/$version",
  component: lazyRouteComponent(() => import("@/features/releases/release-frame"), "ReleaseFrame"),
});

const releaseOverview = createRoute({
  getParentRoute: () => release,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/releases/overview-tab"), "ReleaseOverviewTab"),
});

const releaseDeployments = createRoute({
  getParentRoute: () => release,
  path: "deployments",
  validateSearch: listSearch("environment", "state"),
  component: lazyRouteComponent(() => import("@/features/releases/deployments-tab"), "ReleaseDeploymentsTab"),
});

const releaseTenants = createRoute({
  getParentRoute: () => release,
  path: "tenants",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/releases/tenants-tab"), "ReleaseTenantsTab"),
});

const releaseSnapshot = createRoute({
  getParentRoute: () => release,
  path: "snapshot",
  validateSearch: (search: Record<string, unknown>): { view?: string } => ({ view: textOf(search.view) }),
  component: lazyRouteComponent(() => import("@/features/releases/snapshot-tab"), "SnapshotTab"),
});

const releaseArtifacts = createRoute({
  getParentRoute: () => release,
  path: "artifacts",
  component: lazyRouteComponent(() => import("@/features/releases/artifacts-tab"), "ReleaseArtifactsTab"),
});

const releaseHistory = createRoute({
  getParentRoute: () => release,
  path: "history",
  component: lazyRouteComponent(() => import("@/features/releases/artifacts-tab"), "ReleaseHistoryTab"),
});

const compare = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/releases/$version/compare",
  validateSearch: (search: Record<string, unknown>): { with?: string } => ({ with: textOf(search.with) }),
  component: lazyRouteComponent(() => import("@/features/releases/compare-screen"), "CompareScreen"),
});

export interface DeploySearch {
  /** Ids of environments, separated by commas. */
  environment?: string;
  /** Ids of tenants, separated by commas. */
  tenant?: string;
  /** `all`: every tenant that may get the release. */
  tenants?: string;
}

const deploy = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/releases/$version/deploy",
  validateSearch: (search: Record<string, unknown>): DeploySearch => ({
    environment: textOf(search.environment),
    tenant: textOf(search.tenant),
    tenants: search.tenants === "all" ? "all" : undefined,
  }),
  component: lazyRouteComponent(() => import("@/features/releases/deploy/deploy-screen"), "DeployScreen"),
});

const deployed = createRoute({
  getParentRoute: () => space,
  path: "projects/$project/releases/$version/deployed",
  validateSearch: (search: Record<string, unknown>): { ids?: string } => ({ ids: textOf(search.ids) }),
  component: lazyRouteComponent(() => import("@/features/releases/deploy/deployed-screen"), "DeployedScreen"),
});

const releaseById = createRoute({
  getParentRoute: () => space,
  path: "releases/$release",
  component: lazyRouteComponent(() => import("@/features/releases/release-by-id"), "ReleaseById"),
});

export const releaseRoutes = [
  newRelease,
  release.addChildren([
    releaseOverview,
    releaseDeployments,
    releaseTenants,
    releaseSnapshot,
    releaseArtifacts,
    releaseHistory,
  ]),
  compare,
  deploy,
  deployed,
  releaseById,
] as const;

/** Tabs of a project. */
export const releaseTabs = [projectReleases] as const;
