import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { ApiError } from "@/api/errors";
import { meQuery, spacesQuery } from "@/features/session/api";
import { SignIn } from "@/features/session/sign-in";
import { screenOf } from "@/lib/deeplinks";
import { BrokenScreen, LostScreen } from "./lost";
import { Shell } from "./shell/shell";

interface Context {
  client: QueryClient;
}

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: LostScreen });

async function signedIn({ context, location }: { context: Context; location: { href: string } }) {
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
      throw redirect({ href: screenOf(location.hash, space) ?? `/app/${space}/tasks`, replace: true });
    },
  });

const space = createRoute({ getParentRoute: () => shellRoute, path: "/app/$space" });

const tasksRoute = createRoute({
  getParentRoute: () => space,
  path: "tasks",
  validateSearch: (search: Record<string, unknown>): { show?: string; page?: number } => ({
    show: typeof search.show === "string" ? search.show : undefined,
    page: Number.isInteger(search.page) && Number(search.page) > 1 ? Number(search.page) : undefined,
  }),
  component: lazyRouteComponent(() => import("@/features/tasks/tasks-screen"), "TasksScreen"),
});

const taskRoute = createRoute({
  getParentRoute: () => space,
  path: "tasks/$task",
  component: lazyRouteComponent(() => import("@/features/tasks/task-screen"), "TaskScreen"),
});

const tree = root.addChildren([
  startRoute("/"),
  startRoute("/app"),
  signInRoute,
  shellRoute.addChildren([space.addChildren([tasksRoute, taskRoute])]),
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
