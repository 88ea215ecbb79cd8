import type { Release } from "./api";
import { keyOf } from "./package-choices";

export interface PackageDifference {
  key: string;
  name: string;
  before: string | null;
  after: string | null;
}

/** The packages of both releases, those that differ first. */
export function packageDifferences(before: Release, after: Release): PackageDifference[] {
  const then = new Map(before.SelectedPackages.map((one) => [keyOf(one), one]));
  const now = new Map(after.SelectedPackages.map((one) => [keyOf(one), one]));
  const rows = [...new Set([...now.keys(), ...then.keys()])].map((key) => {
    const one = now.get(key) ?? then.get(key);
    const name = [one?.StepName ?? one?.ActionName, one?.PackageReferenceName].filter(Boolean).join(" · ");
    return { key, name, before: then.get(key)?.Version ?? null, after: now.get(key)?.Version ?? null };
  });
  const isChanged = (row: PackageDifference) => Number(row.before !== row.after);
  return rows.sort((one, other) => isChanged(other) - isChanged(one));
}

/** The commits and work items of the later release that the earlier one does not have. */
export function commitsApart(before: Release, after: Release) {
  const known = new Set(before.BuildInformation.flatMap((one) => one.Commits).map((commit) => commit.Id));
  const resolved = new Set(before.BuildInformation.flatMap((one) => one.WorkItems).map((item) => item.Id));
  const commits = after.BuildInformation.flatMap((one) => one.Commits).filter((one) => !known.has(one.Id));
  const items = after.BuildInformation.flatMap((one) => one.WorkItems).filter((one) => !resolved.has(one.Id));
  return { commits: distinct(commits), items: distinct(items) };
}

function distinct<T extends { Id: string }>(list: readonly T[]): T[] {
  return [...new Map(list.map((one) => [one.Id, one])).values()];
}

/** What a release is compared with unless somebody chooses: the one that was made before it, else any other. */
export function previousOf(newestFirst: readonly Pick<Release, "Version">[], version: string): string | undefined {
  const at = newestFirst.findIndex((one) => one.Version === version);
  const older = at === -1 ? undefined : newestFirst[at + 1];
  return (older ?? newestFirst.find((one) => one.Version !== version))?.Version;
}
