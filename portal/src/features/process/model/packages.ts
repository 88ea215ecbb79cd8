import { type Action, newId, type Package } from "./document";
import { PACKAGE_FEED, PACKAGE_ID, withText } from "./properties";

export const BUILT_IN_FEED = "feeds-builtin";

/** The package that the step itself is about: the one without a name. */
export function primaryOf(action: Action): Package | undefined {
  return action.Packages.find((one) => !one.Name);
}

export function referencesOf(action: Action): Package[] {
  return action.Packages.filter((one) => one.Name);
}

export function newPackage(name: string): Package {
  return {
    Id: newId(),
    Name: name,
    PackageId: "",
    FeedId: BUILT_IN_FEED,
    AcquisitionLocation: "Server",
    Version: null,
    Properties: name ? { Extract: "True", SelectionMode: "immediate" } : { SelectionMode: "immediate" },
    StepPackageInputsReferenceId: null,
  };
}

/** The primary package stands in the list and in two properties; here all three change together. */
export function withPrimary(action: Action, patch: Partial<Package> | null): Action {
  const others = action.Packages.filter((one) => one.Name);
  if (patch === null) {
    const properties = withText(withText(action.Properties, PACKAGE_ID, null), PACKAGE_FEED, null);
    return { ...action, Packages: others, Properties: properties };
  }
  const primary = { ...(primaryOf(action) ?? newPackage("")), ...patch };
  const properties = withText(withText(action.Properties, PACKAGE_ID, primary.PackageId), PACKAGE_FEED, primary.FeedId);
  return { ...action, Packages: [primary, ...others], Properties: properties };
}

export function withReference(action: Action, id: string, change: (old: Package) => Package): Action {
  return { ...action, Packages: action.Packages.map((one) => (one.Id === id ? change(one) : one)) };
}

export function withoutReference(action: Action, id: string): Action {
  return { ...action, Packages: action.Packages.filter((one) => one.Id !== id) };
}
