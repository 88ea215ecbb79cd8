import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch, textOf } from "@/lib/search";
import { space } from "./parents";

const packages = createRoute({
  getParentRoute: () => space,
  path: "library/packages",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/library/packages/packages-screen"), "PackagesScreen"),
});

const packageVersions = createRoute({
  getParentRoute: () => space,
  path: "library/packages/$packageId",
  validateSearch: listSearch("stable"),
  component: lazyRouteComponent(() => import("@/features/library/packages/package-screen"), "PackageScreen"),
});

const packageVersion = createRoute({
  getParentRoute: () => space,
  path: "library/packages/$packageId/$version",
  component: lazyRouteComponent(() => import("@/features/library/packages/version-screen"), "VersionScreen"),
});

const builds = createRoute({
  getParentRoute: () => space,
  path: "library/builds",
  validateSearch: listSearch("version", "latest"),
  component: lazyRouteComponent(() => import("@/features/library/builds/builds-screen"), "BuildsScreen"),
});

const build = createRoute({
  getParentRoute: () => space,
  path: "library/builds/$build",
  component: lazyRouteComponent(() => import("@/features/library/builds/build-screen"), "BuildScreen"),
});

const feeds = createRoute({
  getParentRoute: () => space,
  path: "library/feeds",
  validateSearch: listSearch("type"),
  component: lazyRouteComponent(() => import("@/features/library/feeds/feeds-screen"), "FeedsScreen"),
});

const feed = createRoute({
  getParentRoute: () => space,
  path: "library/feeds/$feed",
  component: lazyRouteComponent(() => import("@/features/library/feeds/feed-screen"), "FeedScreen"),
});

const gitCredentials = createRoute({
  getParentRoute: () => space,
  path: "library/git-credentials",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/library/credentials/credentials-screen"), "CredentialsScreen"),
});

const tagSets = createRoute({
  getParentRoute: () => space,
  path: "library/tag-sets",
  component: lazyRouteComponent(() => import("@/features/library/tagsets/tag-sets-screen"), "TagSetsScreen"),
});

const tagSet = createRoute({
  getParentRoute: () => space,
  path: "library/tag-sets/$tagSet",
  component: lazyRouteComponent(() => import("@/features/library/tagsets/tag-set-screen"), "TagSetScreen"),
});

const stepTemplates = createRoute({
  getParentRoute: () => space,
  path: "library/step-templates",
  validateSearch: listSearch("show"),
  component: lazyRouteComponent(() => import("@/features/process/templates/templates-screen"), "TemplatesScreen"),
});

const stepTemplate = createRoute({
  getParentRoute: () => space,
  path: "library/step-templates/$template",
  validateSearch: (search: Record<string, unknown>): { tab?: string } => ({ tab: textOf(search.tab) }),
  component: lazyRouteComponent(() => import("@/features/process/templates/template-screen"), "TemplateScreen"),
});

export const libraryRoutes = [
  packages,
  packageVersions,
  packageVersion,
  builds,
  build,
  feeds,
  feed,
  gitCredentials,
  tagSets,
  tagSet,
  stepTemplates,
  stepTemplate,
] as const;
