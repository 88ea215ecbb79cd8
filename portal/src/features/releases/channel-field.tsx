import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Channel, lifecyclesQuery, type Project } from "@/api/reference";

interface Props {
  space: string;
  project: Project;
  channels: readonly Channel[];
  value: string;
  onChange: (id: string) => void;
}

/** The channel of a new release, and what it decides. */
export function ChannelField({ space, project, channels, value, onChange }: Props) {
  const lifecycles = useQuery(lifecyclesQuery(space));
  const channel = channels.find((one) => one.Id === value);
  const lifecycleId = channel?.LifecycleId ?? project.LifecycleId;
  const lifecycle = lifecycles.data?.find((one) => one.Id === lifecycleId)?.Name;
  const parts = [
    lifecycle && `Its releases go through ${lifecycle}.`,
    channel && channel.Rules.length > 0 && "It has rules for packages, which stand at each of them.",
    channel && channel.TenantTags.length > 0 && `It is for tenants with ${channel.TenantTags.join(" or ")}.`,
    channel && channel.GitReferenceRules.length > 0 && `It takes the branches ${channel.GitReferenceRules.join(", ")}.`,
  ];
  return (
    <Select
      label="Channel"
      description={parts.filter(Boolean).join(" ") || "Decides the lifecycle and the allowed packages."}
      allowDeselect={false}
      data={channels.map((one) => ({ value: one.Id, label: one.Name }))}
      value={value}
      onChange={(next) => next && onChange(next)}
    />
  );
}
