import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { FILTERS } from "@/features/audit/filters";
import { listSearch } from "@/lib/search";
import { shell, space } from "./parents";

const auditSearch = listSearch(...FILTERS);

const audit = createRoute({
  getParentRoute: () => shell,
  path: "/app/audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("@/features/audit/audit-screen"), "AuditScreen"),
});

const auditOfSpace = createRoute({
  getParentRoute: () => space,
  path: "audit",
  validateSearch: auditSearch,
  component: lazyRouteComponent(() => import("@/features/audit/audit-screen"), "SpaceAuditScreen"),
});

const event = createRoute({
  getParentRoute: () => shell,
  path: "/app/audit/$event",
  component: lazyRouteComponent(() => import("@/features/audit/event-screen"), "EventScreen"),
});

const archives = createRoute({
  getParentRoute: () => shell,
  path: "/app/audit/archives",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/audit/archives-screen"), "ArchivesScreen"),
});

export const auditRoutes = [audit, event, archives] as const;
export const auditRoutesOfSpace = [auditOfSpace] as const;
