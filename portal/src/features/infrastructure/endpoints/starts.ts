import type { Shape } from "@/api/client";
import type { Style } from "../kinds";

export type Endpoint = Shape<"Endpoint">;

/** What an endpoint of a style begins with; the API fills in the rest. */
export function newEndpoint(style: Style): Endpoint {
  return { CommunicationStyle: style, ...(STARTS[style] ?? {}) } as Endpoint;
}

const STARTS: Partial<Record<Style, Partial<Endpoint>>> = {
  TentaclePassive: { Uri: "", Thumbprint: "" },
  TentacleActive: { Uri: "", Thumbprint: "" },
  Ssh: { Host: "", Port: 22, Fingerprint: "" },
  OfflineDrop: { Destination: { DestinationType: "Artifact", DropFolderPath: null } },
  Kubernetes: {
    ClusterUrl: "",
    Namespace: "",
    SkipTlsVerification: "False",
    Authentication: { AuthenticationType: "KubernetesStandard" } as Endpoint["Authentication"],
  },
  AzureWebApp: { WebAppName: "", ResourceGroupName: "" },
  AzureCloudService: { CloudServiceName: "", StorageAccountName: "", Slot: "Staging", SwapIfPossible: true },
  AzureServiceFabricCluster: { ConnectionEndpoint: "", SecurityMode: "Unsecure" },
  AwsEcsCluster: { ClusterName: "", Region: "" },
};

/** The address of a listening agent is written as one text: `https://host:port/`. */
export function addressOfAgent(host: string, port: string): string {
  const shown = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  return `https://${shown.trim()}:${port.trim() || "10933"}/`;
}
