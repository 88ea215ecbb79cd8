import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { hasSession } from "@/api/client";
import { ApiError } from "@/api/errors";
import { meQuery, spacesQuery } from "@/api/session";
import { SignIn } from "@/features/session/sign-in";
import { screenOf } from "@/lib/deeplinks";
import { BrokenScreen, LostScreen } from "./lost";
import { Shell } from "./shell/shell";

interface Context {
  client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: LostScreen });

async function signedIn({ context, location }: { context: Context; location: { href: string } }) {
  if (!hasSession(document.cookie)) throw redirect({ to: "/app/sign-in", search: { from: location.href } });
  try {
    await context.client.ensureQueryData(meQuery);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    throw redirect({ to: "/app/sign-in", search: { from: location.href } });
  }
}

async function defaultSpace(client: QueryClient): Promise<string> {
  const spaces = await client.ensureQueryData(spacesQuery);
  return (spaces.find((space) => space.IsDefault) ?? spaces[0])?.Id ?? "Spaces-1";
}

/** Only a path of our own is followed after signing in: an address from outside could lead anywhere. */
export function ownPath(from: unknown): string | undefined {
  return typeof from === "string" && /^\/app(?:[/#?]|$)/.test(from) ? from : undefined;
}

const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/app/sign-in",
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({ from: ownPath(search.from) }),
  component: SignIn,
});

const shellRoute = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: signedIn,
  component: Shell,
  errorComponent: BrokenScreen,
});

const startRoute = (path: "/" | "/app") =>
  createRoute({
    getParentRoute: () => root,
    path,
    beforeLoad: async ({ context, location }) => {
      await signedIn({ context, location });
      const space = await defaultSpace(context.client);
      throw redirect({ href: screenOf(location.hash, space) ?? `/app/${space}`, replace: true });
    },
  });

/** Addresses that name no space mean the default one. */
const SECTIONS = new Set(["projects", "tasks", "deployments", "releases", "infrastructure", "library"]);

const space = createRoute({
  getParentRoute: () => shellRoute,
  path: "/app/$space",
  beforeLoad: async ({ context, params, location }) => {
    const spaces = await context.client.ensureQueryData(spacesQuery);
    if (spaces.some((one) => one.Id === params.space)) return;
    if (!SECTIONS.has(params.space)) throw notFound();
    const id = await defaultSpace(context.client);
    throw redirect({ href: location.href.replace(/^\/app\//, `/app/${id}/`), replace: true });
  },
});

/** A search parameter that is a text, or nothing. */
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

const dashboard = createRoute({
  getParentRoute: () => space,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/dashboard/dashboard-screen"), "DashboardScreen"),
});

const deployment = createRoute({
  getParentRoute: () => space,
  path: "deployments/$deployment",
  component: lazyRouteComponent(() => import("@/features/tasks/deployment-screen"), "DeploymentScreen"),
});

const tasks = createRoute({
  getParentRoute: () => space,
  path: "tasks",
  validateSearch: (search: Record<string, unknown>): { show?: string; page?: number } => ({
    show: textOf(search.show),
    page: Number.isInteger(search.page) && Number(search.page) > 1 ? Number(search.page) : undefined,
  }),
  component: lazyRouteComponent(() => import("@/features/tasks/tasks-screen"), "TasksScreen"),
});

const task = createRoute({
  getParentRoute: () => space,
  path: "tasks/$task",
  component: lazyRouteComponent(() => import("@/features/tasks/task-screen"), "TaskScreen"),
});

const projects = createRoute({
  getParentRoute: () => space,
  path: "projects",
  component: lazyRouteComponent(() => import("@/features/projects/projects-screen"), "ProjectsScreen"),
});

const project = createRoute({
  getParentRoute: () => space,
  path: "projects/$project",
  component: lazyRouteComponent(() => import("@/features/projects/project-frame"), "ProjectFrame"),
});

const projectOverview = createRoute({
  getParentRoute: () => project,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/projects/overview-tab"), "OverviewTab"),
});

const projectReleases = createRoute({
  getParentRoute: () => project,
  path: "releases",
  component: lazyRouteComponent(() => import("@/features/projects/releases-tab"), "ReleasesTab"),
});

const projectProcess = createRoute({
  getParentRoute: () => project,
  path: "process",
  component: lazyRouteComponent(() => import("@/features/projects/process-tab"), "ProcessTab"),
});

const projectVariables = createRoute({
  getParentRoute: () => project,
  path: "variables",
  component: lazyRouteComponent(() => import("@/features/projects/variables-tab"), "VariablesTab"),
});

const projectChannels = createRoute({
  getParentRoute: () => project,
  path: "channels",
  component: lazyRouteComponent(() => import("@/features/projects/channels-tab"), "ChannelsTab"),
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

const environments = createRoute({
  getParentRoute: () => space,
  path: "infrastructure/environments",
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

const packages = createRoute({
  getParentRoute: () => space,
  path: "library/packages",
  component: lazyRouteComponent(() => import("@/features/library/packages-screen"), "PackagesScreen"),
});

const packageVersions = createRoute({
  getParentRoute: () => space,
  path: "library/packages/$packageId",
  component: lazyRouteComponent(() => import("@/features/library/package-screen"), "PackageScreen"),
});

const users = createRoute({
  getParentRoute: () => shellRoute,
  path: "/app/users",
  component: lazyRouteComponent(() => import("@/features/people/users-screen"), "UsersScreen"),
});

const profile = createRoute({
  getParentRoute: () => shellRoute,
  path: "/app/profile",
  component: lazyRouteComponent(() => import("@/features/people/profile-screen"), "ProfileScreen"),
});

const inSpace = space.addChildren([
  dashboard,
  deployment,
  tasks,
  task,
  projects,
  project.addChildren([projectOverview, projectReleases, projectProcess, projectVariables, projectChannels]),
  newRelease,
  release,
  deploy,
  releaseById,
  environments,
  targets,
  target,
  packages,
  packageVersions,
]);

const tree = root.addChildren([
  startRoute("/"),
  startRoute("/app"),
  signInRoute,
  shellRoute.addChildren([inSpace, users, profile]),
]);

export function createPortalRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    context: { client },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    defaultErrorComponent: BrokenScreen,
    defaultNotFoundComponent: LostScreen,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPortalRouter>;
  }
}
