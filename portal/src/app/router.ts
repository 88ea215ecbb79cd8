import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { BrokenScreen, LostScreen } from "./lost";
import { auditRoutes, auditRoutesOfSpace } from "./routes/audit";
import { automationRoutes } from "./routes/automation";
import { dashboardRoutes } from "./routes/dashboard";
import { infrastructureRoutes } from "./routes/infrastructure";
import { libraryRoutes } from "./routes/library";
import { root, shell, signInRoute, space, startRoute } from "./routes/parents";
import { peopleRoutes, registerRoute } from "./routes/people";
import { projectRoutes } from "./routes/projects";
import { releaseRoutes } from "./routes/releases";
import { systemRoutes, systemRoutesOfSpace } from "./routes/system";
import { taskRoutes } from "./routes/tasks";
import { tenantRoutes } from "./routes/tenants";
import { variableRoutes } from "./routes/variables";

const inSpace = space.addChildren([
  ...dashboardRoutes,
  ...taskRoutes,
  ...projectRoutes,
  ...releaseRoutes,
  ...automationRoutes,
  ...variableRoutes,
  ...infrastructureRoutes,
  ...libraryRoutes,
  ...auditRoutesOfSpace,
  ...tenantRoutes,
  ...systemRoutesOfSpace,
]);

const tree = root.addChildren([
  startRoute("/"),
  startRoute("/app"),
  signInRoute,
  registerRoute,
  shell.addChildren([inSpace, ...peopleRoutes, ...auditRoutes, ...systemRoutes]),
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

/** Fetches the code of the screen that the page was opened at while the server still tells who asks. */
export function fetchFirstScreen(router: ReturnType<typeof createPortalRouter>): void {
  const [routes] = router.getMatchedRoutes(router.latestLocation.pathname);
  for (const { options } of routes) {
    const component: { preload?: () => unknown } | undefined = options.component;
    component?.preload?.();
  }
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPortalRouter>;
  }
}
