import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { variableSearch } from "@/features/variables/editor/search";
import { listSearch, textOf } from "@/lib/search";
import { space } from "./parents";
import { project } from "./project";

const frame = createRoute({
  getParentRoute: () => project,
  path: "variables",
  component: lazyRouteComponent(() => import("@/features/variables/project/variables-frame"), "VariablesFrame"),
});

const own = createRoute({
  getParentRoute: () => frame,
  path: "/",
  validateSearch: variableSearch,
  component: lazyRouteComponent(() => import("@/features/variables/project/variables-tab"), "VariablesTab"),
});

const includedSets = createRoute({
  getParentRoute: () => frame,
  path: "sets",
  component: lazyRouteComponent(() => import("@/features/variables/project/sets-tab"), "IncludedSetsTab"),
});

const templates = createRoute({
  getParentRoute: () => frame,
  path: "templates",
  component: lazyRouteComponent(() => import("@/features/variables/project/templates-tab"), "ProjectTemplatesTab"),
});

const everything = createRoute({
  getParentRoute: () => frame,
  path: "all",
  validateSearch: (search: Record<string, unknown>): { q?: string; from?: string } => ({
    q: textOf(search.q),
    from: textOf(search.from),
  }),
  component: lazyRouteComponent(() => import("@/features/variables/project/all-tab"), "AllVariablesTab"),
});

const preview = createRoute({
  getParentRoute: () => frame,
  path: "preview",
  validateSearch: variableSearch,
  component: lazyRouteComponent(() => import("@/features/variables/project/preview-tab"), "PreviewTab"),
});

/** Tabs of a project. */
export const variableTabs = [frame.addChildren([own, includedSets, templates, everything, preview])] as const;

const sets = createRoute({
  getParentRoute: () => space,
  path: "library/variable-sets",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/variables/library/sets-screen"), "VariableSetsScreen"),
});

const set = createRoute({
  getParentRoute: () => space,
  path: "library/variable-sets/$set",
  component: lazyRouteComponent(() => import("@/features/variables/library/set-frame"), "VariableSetFrame"),
});

const setVariables = createRoute({
  getParentRoute: () => set,
  path: "/",
  validateSearch: variableSearch,
  component: lazyRouteComponent(() => import("@/features/variables/library/set-tabs"), "VariableSetVariables"),
});

const setTemplates = createRoute({
  getParentRoute: () => set,
  path: "templates",
  component: lazyRouteComponent(() => import("@/features/variables/library/set-tabs"), "VariableSetTemplates"),
});

const setUsage = createRoute({
  getParentRoute: () => set,
  path: "usage",
  component: lazyRouteComponent(() => import("@/features/variables/library/usage-tab"), "UsageTab"),
});

const setSettings = createRoute({
  getParentRoute: () => set,
  path: "settings",
  component: lazyRouteComponent(() => import("@/features/variables/library/settings-tab"), "SettingsTab"),
});

const modules = createRoute({
  getParentRoute: () => space,
  path: "library/script-modules",
  validateSearch: listSearch(),
  component: lazyRouteComponent(() => import("@/features/variables/library/sets-screen"), "ScriptModulesScreen"),
});

const scriptModule = createRoute({
  getParentRoute: () => space,
  path: "library/script-modules/$set",
  component: lazyRouteComponent(() => import("@/features/variables/library/set-frame"), "ScriptModuleFrame"),
});

const moduleScript = createRoute({
  getParentRoute: () => scriptModule,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/variables/library/module-tab"), "ModuleTab"),
});

const moduleUsage = createRoute({
  getParentRoute: () => scriptModule,
  path: "usage",
  component: lazyRouteComponent(() => import("@/features/variables/library/usage-tab"), "UsageTab"),
});

const moduleSettings = createRoute({
  getParentRoute: () => scriptModule,
  path: "settings",
  component: lazyRouteComponent(() => import("@/features/variables/library/settings-tab"), "SettingsTab"),
});

export const variableRoutes = [
  sets,
  set.addChildren([setVariables, setTemplates, setUsage, setSettings]),
  modules,
  scriptModule.addChildren([moduleScript, moduleUsage, moduleSettings]),
] as const;
