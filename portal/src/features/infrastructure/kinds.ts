import type { Shape } from "@/api/client";
import type { Condition } from "@/lib/state";

/** How machines are reached, and how they are: one word each, everywhere. */

type Endpoint = Shape<"Endpoint">;
export type Style = Endpoint["CommunicationStyle"];
export type Health = Shape<"DeploymentTarget">["HealthStatus"];

export const STYLES: Record<Style, string> = {
  TentaclePassive: "Listening agent",
  TentacleActive: "Polling agent",
  Ssh: "SSH",
  Kubernetes: "Kubernetes cluster",
  KubernetesTentacle: "Kubernetes agent",
  None: "Cloud region",
  OfflineDrop: "Offline package drop",
  AzureWebApp: "Azure web app",
  AzureCloudService: "Azure cloud service",
  AzureServiceFabricCluster: "Azure Service Fabric cluster",
  AwsEcsCluster: "Amazon ECS cluster",
  Ftp: "FTP",
  StepPackage: "Step package target",
};

export function kindOf(endpoint: Pick<Endpoint, "CommunicationStyle">): string {
  return STYLES[endpoint.CommunicationStyle] ?? endpoint.CommunicationStyle;
}

interface Shown {
  of: Condition;
  word: string;
}

/** The worst comes first: that is what a person looks for. */
export const HEALTHS: Record<Health, Shown> = {
  Unavailable: { of: "failed", word: "Unavailable" },
  Unhealthy: { of: "failed", word: "Unhealthy" },
  HasWarnings: { of: "warning", word: "Has warnings" },
  Unknown: { of: "pending", word: "Not checked" },
  Healthy: { of: "success", word: "Healthy" },
};

export function healthOf(machine: { HealthStatus: Health; IsDisabled: boolean }): Shown {
  if (machine.IsDisabled) return { of: "cancelled", word: "Disabled" };
  return HEALTHS[machine.HealthStatus] ?? HEALTHS.Unknown;
}

/** Whether the machine has an agent, which can be updated. */
export function hasAgent(endpoint: Pick<Endpoint, "CommunicationStyle">): boolean {
  return endpoint.CommunicationStyle === "TentaclePassive" || endpoint.CommunicationStyle === "TentacleActive";
}

/** Where the machine is, in the words that people know it by. */
export function addressOf(machine: { Uri?: string | null; Endpoint: Endpoint }): string {
  const { Endpoint: endpoint } = machine;
  const named = endpoint.ClusterUrl ?? endpoint.WebAppName ?? endpoint.ClusterName ?? endpoint.CloudServiceName;
  if (endpoint.CommunicationStyle === "TentacleActive") return "";
  const uri = machine.Uri?.replace(/^[a-z]+:\/\//, "").replace(/\/$/, "");
  return uri ?? named ?? endpoint.Destination?.DropFolderPath ?? "";
}
