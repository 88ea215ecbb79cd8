import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { MACHINE_FILTERS } from "@/features/infrastructure/machines/filter-names";
import { listSearch, textOf } from "@/lib/search";
import { space } from "./parents";

const within = () => space;

const overview = createRoute({
  getParentRoute: within,
  path: "infrastructure",
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/overview/overview-screen"),
    "InfrastructureOverviewScreen",
  ),
});

const environments = createRoute({
  getParentRoute: within,
  path: "infrastructure/environments",
  validateSearch: listSearch(),
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/environments/environments-screen"),
    "EnvironmentsScreen",
  ),
});

const environment = createRoute({
  getParentRoute: within,
  path: "infrastructure/environments/$environment",
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/environments/environment-screen"),
    "EnvironmentScreen",
  ),
});

/** Which of the tabs of a machine is open. */
const tabSearch = (search: Record<string, unknown>): { tab?: string } => ({ tab: textOf(search.tab) });
/** Which kind of thing is being added; without it, the kinds to choose from are shown. */
const kindSearch = (search: Record<string, unknown>): { kind?: string } => ({ kind: textOf(search.kind) });

const targets = createRoute({
  getParentRoute: within,
  path: "infrastructure/targets",
  validateSearch: listSearch(...MACHINE_FILTERS),
  component: lazyRouteComponent(() => import("@/features/infrastructure/machines/targets-screen"), "TargetsScreen"),
});

const newTarget = createRoute({
  getParentRoute: within,
  path: "infrastructure/targets/new",
  validateSearch: kindSearch,
  component: lazyRouteComponent(() => import("@/features/infrastructure/wizard/add-machine-screen"), "AddTargetScreen"),
});

const target = createRoute({
  getParentRoute: within,
  path: "infrastructure/targets/$target",
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import("@/features/infrastructure/machines/target-screen"), "TargetScreen"),
});

const workers = createRoute({
  getParentRoute: within,
  path: "infrastructure/workers",
  validateSearch: listSearch(...MACHINE_FILTERS),
  component: lazyRouteComponent(() => import("@/features/infrastructure/machines/workers-screen"), "WorkersScreen"),
});

const newWorker = createRoute({
  getParentRoute: within,
  path: "infrastructure/workers/new",
  validateSearch: kindSearch,
  component: lazyRouteComponent(() => import("@/features/infrastructure/wizard/add-machine-screen"), "AddWorkerScreen"),
});

const worker = createRoute({
  getParentRoute: within,
  path: "infrastructure/workers/$worker",
  validateSearch: tabSearch,
  component: lazyRouteComponent(() => import("@/features/infrastructure/machines/worker-screen"), "WorkerScreen"),
});

const pools = createRoute({
  getParentRoute: within,
  path: "infrastructure/worker-pools",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/infrastructure/pools/pools-screen"), "WorkerPoolsScreen"),
});

const pool = createRoute({
  getParentRoute: within,
  path: "infrastructure/worker-pools/$pool",
  component: lazyRouteComponent(() => import("@/features/infrastructure/pools/pool-screen"), "WorkerPoolScreen"),
});

const policies = createRoute({
  getParentRoute: within,
  path: "infrastructure/machine-policies",
  validateSearch: listSearch(),
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/policies/policies-screen"),
    "MachinePoliciesScreen",
  ),
});

const newPolicy = createRoute({
  getParentRoute: within,
  path: "infrastructure/machine-policies/new",
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/policies/policy-screen"),
    "NewMachinePolicyScreen",
  ),
});

const policy = createRoute({
  getParentRoute: within,
  path: "infrastructure/machine-policies/$policy",
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/policies/policy-screen"),
    "MachinePolicyScreen",
  ),
});

const accounts = createRoute({
  getParentRoute: within,
  path: "infrastructure/accounts",
  validateSearch: listSearch("type"),
  component: lazyRouteComponent(() => import("@/features/infrastructure/accounts/accounts-screen"), "AccountsScreen"),
});

const newAccount = createRoute({
  getParentRoute: within,
  path: "infrastructure/accounts/new",
  validateSearch: kindSearch,
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/accounts/new-account-screen"),
    "NewAccountScreen",
  ),
});

const account = createRoute({
  getParentRoute: within,
  path: "infrastructure/accounts/$account",
  component: lazyRouteComponent(() => import("@/features/infrastructure/accounts/account-screen"), "AccountScreen"),
});

const certificates = createRoute({
  getParentRoute: within,
  path: "infrastructure/certificates",
  validateSearch: listSearch("tenant", "archived", "order"),
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/certificates/certificates-screen"),
    "CertificatesScreen",
  ),
});

const certificate = createRoute({
  getParentRoute: within,
  path: "infrastructure/certificates/$certificate",
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/certificates/certificate-screen"),
    "CertificateScreen",
  ),
});

const proxies = createRoute({
  getParentRoute: within,
  path: "infrastructure/proxies",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/infrastructure/proxies/proxies-screen"), "ProxiesScreen"),
});

const proxy = createRoute({
  getParentRoute: within,
  path: "infrastructure/proxies/$proxy",
  component: lazyRouteComponent(() => import("@/features/infrastructure/proxies/proxy-screen"), "ProxyScreen"),
});

const knownHosts = createRoute({
  getParentRoute: within,
  path: "infrastructure/known-hosts",
  validateSearch: listSearch(),
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/knownhosts/known-hosts-screen"),
    "KnownHostsScreen",
  ),
});

const scriptConsole = createRoute({
  getParentRoute: within,
  path: "infrastructure/console",
  component: lazyRouteComponent(
    () => import("@/features/infrastructure/console/console-screen"),
    "ScriptConsoleScreen",
  ),
});

export const infrastructureRoutes = [
  overview,
  environments,
  environment,
  targets,
  newTarget,
  target,
  workers,
  newWorker,
  worker,
  pools,
  pool,
  policies,
  newPolicy,
  policy,
  accounts,
  newAccount,
  account,
  certificates,
  certificate,
  proxies,
  proxy,
  knownHosts,
  scriptConsole,
] as const;
