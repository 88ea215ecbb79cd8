import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { space } from "./parents";

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

export const libraryRoutes = [packages, packageVersions] as const;
