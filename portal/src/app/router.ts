import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { BrokenScreen, LostScreen } from "./lost";
import { automationRoutes } from "./routes/automation";
import { dashboardRoutes } from "./routes/dashboard";
import { infrastructureRoutes } from "./routes/infrastructure";
import { libraryRoutes } from "./routes/library";
import { root, shell, signInRoute, space, startRoute } from "./routes/parents";
import { projectRoutes } from "./routes/projects";
import { releaseRoutes } from "./routes/releases";
import { systemRoutes } from "./routes/system";
import { taskRoutes } from "./routes/tasks";
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
]);

const tree = root.addChildren([
  startRoute("/"),
  startRoute("/app"),
  signInRoute,
  shell.addChildren([inSpace, ...systemRoutes]),
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
