import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, notFound, Outlet, redirect } from "@tanstack/react-router";
import { hasSession } from "@/api/client";
import { ApiError } from "@/api/errors";
import { defaultSpace, meQuery, spacesQuery, startingSpace } from "@/api/session";
import { SignIn } from "@/features/session/sign-in";
import { screenOf } from "@/lib/deeplinks";
import { rememberSpace } from "@/lib/last-space";
import { BrokenScreen, LostScreen } from "../lost";
import { Shell } from "../shell/shell";

/** The routes that other routes hang below: who is not signed in, or names a space that is not there, comes no further. */

interface Context {
  client: QueryClient;
}

export const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: LostScreen });

async function signedIn({ context, location }: { context: Context; location: { href: string } }) {
  if (!hasSession(document.cookie)) throw redirect({ to: "/app/sign-in", search: { from: location.href } });
  // Asked along with who it is, not after that: nearly every screen is one of a space.
  void context.client.prefetchQuery(spacesQuery);
  try {
    await context.client.ensureQueryData(meQuery);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    throw redirect({ to: "/app/sign-in", search: { from: location.href } });
  }
}

/** Only a path of our own is followed after signing in: an address from outside could lead anywhere. */
export function ownPath(from: unknown): string | undefined {
  return typeof from === "string" && /^\/app(?:[/#?]|$)/.test(from) ? from : undefined;
}

export const signInRoute = createRoute({
  getParentRoute: () => root,
  path: "/app/sign-in",
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({ from: ownPath(search.from) }),
  component: SignIn,
});

export const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: signedIn,
  component: Shell,
  errorComponent: BrokenScreen,
});

export const startRoute = (path: "/" | "/app") =>
  createRoute({
    getParentRoute: () => root,
    path,
    beforeLoad: async ({ context, location }) => {
      await signedIn({ context, location });
      const spaces = await context.client.ensureQueryData(spacesQuery);
      const linked = screenOf(location.hash, defaultSpace(spaces));
      throw redirect({ href: linked ?? `/app/${startingSpace(spaces)}`, replace: true });
    },
  });

/** Addresses that name no space mean the default one. */
const SECTIONS = new Set([
  "start",
  "projects",
  "tasks",
  "deployments",
  "releases",
  "runbook-runs",
  "tenants",
  "infrastructure",
  "library",
  "audit",
  "subscriptions",
]);

export const space = createRoute({
  getParentRoute: () => shell,
  path: "/app/$space",
  beforeLoad: async ({ context, params, location }) => {
    const spaces = await context.client.ensureQueryData(spacesQuery);
    if (spaces.some((one) => one.Id === params.space)) return rememberSpace(params.space);
    if (!SECTIONS.has(params.space)) throw notFound();
    const id = defaultSpace(spaces);
    throw redirect({ href: location.href.replace(/^\/app\//, `/app/${id}/`), replace: true });
  },
});
