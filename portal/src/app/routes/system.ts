import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch } from "@/lib/search";
import { shell, space } from "./parents";

const profile = createRoute({
  getParentRoute: () => shell,
  path: "/app/profile",
  component: lazyRouteComponent(() => import("@/features/people/profile-frame"), "ProfileFrame"),
});

const ownProfile = createRoute({
  getParentRoute: () => profile,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/people/profile-screen"), "ProfileScreen"),
});

const ownPermissions = createRoute({
  getParentRoute: () => profile,
  path: "permissions",
  component: lazyRouteComponent(() => import("@/features/people/own-permissions"), "OwnPermissions"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/app/settings",
  component: lazyRouteComponent(() => import("@/features/system/settings-screen"), "SettingsScreen"),
});

const section = createRoute({
  getParentRoute: () => shell,
  path: "/app/settings/$section",
  component: lazyRouteComponent(() => import("@/features/system/section-screen"), "SectionScreen"),
});

const rateLimits = createRoute({
  getParentRoute: () => shell,
  path: "/app/settings/rate-limits",
  component: lazyRouteComponent(() => import("@/features/system/rate-limits-screen"), "RateLimitsScreen"),
});

const signingKeys = createRoute({
  getParentRoute: () => shell,
  path: "/app/settings/signing-keys",
  component: lazyRouteComponent(() => import("@/features/system/signing-keys-screen"), "SigningKeysScreen"),
});

const spaces = createRoute({
  getParentRoute: () => shell,
  path: "/app/spaces",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/system/spaces-screen"), "SpacesScreen"),
});

const spaceSettings = createRoute({
  getParentRoute: () => shell,
  path: "/app/spaces/$space",
  component: lazyRouteComponent(() => import("@/features/system/space-screen"), "SpaceScreen"),
});

const nodes = createRoute({
  getParentRoute: () => shell,
  path: "/app/nodes",
  component: lazyRouteComponent(() => import("@/features/system/nodes-screen"), "NodesScreen"),
});

const diagnostics = createRoute({
  getParentRoute: () => shell,
  path: "/app/diagnostics",
  component: lazyRouteComponent(() => import("@/features/system/diagnostics-screen"), "DiagnosticsScreen"),
});

const subscriptions = createRoute({
  getParentRoute: () => space,
  path: "subscriptions",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/system/subscriptions-screen"), "SubscriptionsScreen"),
});

const subscription = createRoute({
  getParentRoute: () => space,
  path: "subscriptions/$subscription",
  component: lazyRouteComponent(() => import("@/features/system/subscription-screen"), "SubscriptionScreen"),
});

export const systemRoutes = [
  profile.addChildren([ownProfile, ownPermissions]),
  settings,
  section,
  rateLimits,
  signingKeys,
  spaces,
  spaceSettings,
  nodes,
  diagnostics,
] as const;

export const systemRoutesOfSpace = [subscriptions, subscription] as const;
