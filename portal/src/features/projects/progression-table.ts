import type { Progression, ReleaseProgression } from "@/api/pending";

export interface ChannelProgress {
  id: string;
  name: string;
  isDefault: boolean;
  environments: { Id: string; Name: string }[];
  releases: ReleaseProgression[];
}

/** The releases of each channel against the environments of its lifecycle; the default channel first. */
export function channelsOf(progression: Progression): ChannelProgress[] {
  const channels = new Map<string, ChannelProgress>();
  for (const one of progression.Releases) {
    const known = channels.get(one.Channel.Id) ?? {
      id: one.Channel.Id,
      name: one.Channel.Name,
      isDefault: one.Channel.IsDefault,
      environments: progression.ChannelEnvironments[one.Channel.Id] ?? progression.Environments,
      releases: [],
    };
    known.releases.push(one);
    channels.set(one.Channel.Id, known);
  }
  return [...channels.values()].sort(
    (a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name),
  );
}
