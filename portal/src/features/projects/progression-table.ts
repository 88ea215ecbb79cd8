import type { Progression, ReleaseProgression } from "./progression";

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
    const { ChannelId } = one.Release;
    const known = channels.get(ChannelId) ?? {
      id: ChannelId,
      name: one.Channel?.Name ?? ChannelId,
      isDefault: one.Channel?.IsDefault ?? false,
      environments: progression.ChannelEnvironments[ChannelId] ?? progression.Environments,
      releases: [],
    };
    known.releases.push(one);
    channels.set(ChannelId, known);
  }
  return [...channels.values()].sort(
    (a, b) => Number(b.isDefault) - Number(a.isDefault) || a.name.localeCompare(b.name),
  );
}
