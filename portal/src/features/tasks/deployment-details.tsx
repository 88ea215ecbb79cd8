import { Text } from "@mantine/core";
import { IconGitCommit } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import { useNames } from "@/api/things";
import { Changes } from "@/components/changes";
import { EmptyState } from "@/components/empty-state";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Panel } from "@/components/page";
import { Tags } from "@/components/tags";
import { exactTime } from "@/lib/time";
import type { Task } from "./api";

type Deployment = Shape<"Deployment">;

/** What a deployment brings that the environment did not have before. */
export function DeploymentChanges({ deployment }: { deployment: Deployment }) {
  return (
    <Panel title="Since the last deployment here" flush>
      {deployment.Changes.length === 0 ? (
        <EmptyState icon={IconGitCommit} title="Nothing new">
          The environment had this release, or a later one, before.
        </EmptyState>
      ) : (
        <Changes changes={deployment.Changes} />
      )}
    </Panel>
  );
}

interface Props {
  space: string;
  deployment: Deployment;
  release: Shape<"Release"> | undefined;
  task: Task;
}

/** What was chosen for a deployment, and what it works with. */
export function DeploymentDetails({ space, deployment, release, task }: Props) {
  const machines = [
    ...deployment.SpecificMachineIds,
    ...deployment.ExcludedMachineIds,
    ...deployment.DeployedToMachineIds,
  ];
  const machineOf = useNames("machines", space, [...new Set(machines)]);
  const steps = useQuery({
    queryKey: ["process", "by-id", deployment.DeploymentProcessId],
    queryFn: () => {
      const path = { space, id: deployment.DeploymentProcessId };
      return answer(api.GET("/api/{space}/deploymentprocesses/{id}", { params: { path } }));
    },
    enabled: deployment.SkipActions.length > 0,
    staleTime: 60_000,
  }).data?.Steps;
  const actions = steps?.flatMap((step) => step.Actions) ?? [];
  const skipped = deployment.SkipActions.map((id) => actions.find((one) => one.Id === id)?.Name ?? id);
  return (
    <Panel title="Details">
      <Facts
        facts={[
          ["Asked for by", deployment.DeployedBy || null],
          ["Because", deployment.AutomaticBecause],
          ["Comments", deployment.Comments],
          ["To begin at", deployment.QueueTime && exactTime(deployment.QueueTime)],
          ["Not after", deployment.QueueTimeExpiry && exactTime(deployment.QueueTimeExpiry)],
          ["Node", task.ServerNode],
          ["Targets", tagsOf(deployment.DeployedToMachineIds, machineOf)],
          ["Only on", tagsOf(deployment.SpecificMachineIds, machineOf)],
          ["Not on", tagsOf(deployment.ExcludedMachineIds, machineOf)],
          ["Skipped steps", skipped.length > 0 ? <Tags key="skipped" words={skipped} /> : null],
          ["When a step fails", deployment.UseGuidedFailure ? "A person is asked" : "It fails"],
          ["Packages", packagesWord(deployment)],
          ["Priority", task.IsPrioritized ? "Ahead of others" : null],
          ["Freeze overridden", deployment.FreezeOverrideReason],
          [
            "Goes on from",
            deployment.ResumedFrom && (
              <TextLink key="from" to="/app/$space/tasks/$task" params={{ space, task: deployment.ResumedFrom }}>
                {deployment.ResumedFrom}
              </TextLink>
            ),
          ],
          [
            "Part of",
            deployment.ParentDeploymentId && (
              <TextLink
                key="parent"
                to="/app/$space/deployments/$deployment"
                params={{ space, deployment: deployment.ParentDeploymentId }}
              >
                {deployment.ParentDeploymentId}
              </TextLink>
            ),
          ],
          ["Id", deployment.Id],
        ]}
      />
      {release && <Values space={space} deployment={deployment} release={release} />}
    </Panel>
  );
}

function tagsOf(ids: readonly string[], nameOf: (id: string) => string) {
  return ids.length > 0 ? <Tags key={ids.join()} words={ids.map(nameOf)} /> : null;
}

function packagesWord({ ForcePackageDownload, ForcePackageRedeployment }: Deployment): string | null {
  const words = [
    ForcePackageDownload && "fetched anew",
    ForcePackageRedeployment && "deployed also where they were installed",
  ];
  return words.filter(Boolean).join(", ") || null;
}

/** What was entered for this deployment; secrets stay hidden. All other values are those of the release's snapshot. */
function Values({ space, deployment, release }: { space: string; deployment: Deployment; release: Shape<"Release"> }) {
  const entered = Object.entries(deployment.FormValues);
  const variables = useQuery({
    queryKey: ["frozen-variables", "of-deployment", release.Id],
    queryFn: () => {
      const ids = [release.ProjectVariableSetSnapshotId, ...release.LibraryVariableSetSnapshotIds].join(",");
      return answer(api.GET("/api/{space}/variables/all", { params: { path: { space }, query: { ids } } }));
    },
    enabled: entered.length > 0,
    staleTime: 60_000,
    retry: false,
  });
  if (entered.length === 0) return null;
  const all = variables.data?.flatMap((set) => set.Variables) ?? [];
  return (
    <>
      <Text fw={600} mt="md" mb={6}>
        Values that were entered
      </Text>
      <Facts
        facts={entered.map(([id, value]) => {
          const variable = all.find((one) => one.Id === id);
          return [variable?.Prompt?.Label || variable?.Name || id, value === null ? "A secret" : value || "empty"];
        })}
      />
    </>
  );
}
