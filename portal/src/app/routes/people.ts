import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { listSearch, textOf } from "@/lib/search";
import { root, shell } from "./parents";

const users = createRoute({
  getParentRoute: () => shell,
  path: "/app/users",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/people/users-screen"), "UsersScreen"),
});

const user = createRoute({
  getParentRoute: () => shell,
  path: "/app/users/$user",
  component: lazyRouteComponent(() => import("@/features/people/user-frame"), "UserFrame"),
});

const userTabs = [
  createRoute({
    getParentRoute: () => user,
    path: "/",
    component: lazyRouteComponent(() => import("@/features/people/user-account-tab"), "UserAccountTab"),
  }),
  createRoute({
    getParentRoute: () => user,
    path: "teams",
    component: lazyRouteComponent(() => import("@/features/people/user-teams-tab"), "UserTeamsTab"),
  }),
  createRoute({
    getParentRoute: () => user,
    path: "keys",
    component: lazyRouteComponent(() => import("@/features/people/user-keys-tab"), "UserKeysTab"),
  }),
  createRoute({
    getParentRoute: () => user,
    path: "permissions",
    component: lazyRouteComponent(() => import("@/features/people/user-permissions-tab"), "UserPermissionsTab"),
  }),
] as const;

const invitations = createRoute({
  getParentRoute: () => shell,
  path: "/app/invitations",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/people/invitations-screen"), "InvitationsScreen"),
});

const teams = createRoute({
  getParentRoute: () => shell,
  path: "/app/teams",
  validateSearch: listSearch("of"),
  component: lazyRouteComponent(() => import("@/features/people/teams-screen"), "TeamsScreen"),
});

const team = createRoute({
  getParentRoute: () => shell,
  path: "/app/teams/$team",
  component: lazyRouteComponent(() => import("@/features/people/team-screen"), "TeamScreen"),
});

const roles = createRoute({
  getParentRoute: () => shell,
  path: "/app/roles",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/people/roles-screen"), "RolesScreen"),
});

const newRole = createRoute({
  getParentRoute: () => shell,
  path: "/app/roles/new",
  validateSearch: (search: Record<string, unknown>): { from?: string } => ({ from: textOf(search.from) }),
  component: lazyRouteComponent(() => import("@/features/people/new-role-screen"), "NewRoleScreen"),
});

const role = createRoute({
  getParentRoute: () => shell,
  path: "/app/roles/$role",
  component: lazyRouteComponent(() => import("@/features/people/role-screen"), "RoleScreen"),
});

const permissions = createRoute({
  getParentRoute: () => shell,
  path: "/app/permissions",
  validateSearch: (search: Record<string, unknown>): { user?: string } => ({ user: textOf(search.user) }),
  component: lazyRouteComponent(() => import("@/features/people/permissions-screen"), "PermissionsScreen"),
});

/** Where an invitation leads: for who has no account yet. */
export const registerRoute = createRoute({
  getParentRoute: () => root,
  path: "/app/register",
  validateSearch: (search: Record<string, unknown>): { code?: string } => ({ code: textOf(search.code) }),
  component: lazyRouteComponent(() => import("@/features/people/register-screen"), "RegisterScreen"),
});

export const peopleRoutes = [
  users,
  user.addChildren(userTabs),
  invitations,
  teams,
  team,
  roles,
  newRole,
  role,
  permissions,
] as const;
