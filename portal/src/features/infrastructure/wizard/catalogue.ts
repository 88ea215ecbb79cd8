import {
  type Icon,
  IconAntenna,
  IconBox,
  IconBrandAws,
  IconBrandAzure,
  IconCloud,
  IconHexagons,
  IconPackageExport,
  IconTerminal2,
  IconWorldWww,
} from "@tabler/icons-react";
import type { Style } from "../kinds";
import type { Realm } from "../machines/realm";

export interface Kind {
  style: Style;
  title: string;
  /** What it is for, and when to choose it. */
  sentence: string;
  icon: Icon;
}

const AGENTS: Kind[] = [
  {
    style: "TentacleActive",
    title: "Polling agent",
    sentence: "An agent on the machine asks this server for work. The machine needs no open port.",
    icon: IconAntenna,
  },
  {
    style: "TentaclePassive",
    title: "Listening agent",
    sentence: "An agent on the machine listens, and this server connects to it. The machine needs one open port.",
    icon: IconBox,
  },
  {
    style: "Ssh",
    title: "SSH",
    sentence: "A machine with an SSH server. Nothing is installed there, and nothing runs there between deployments.",
    icon: IconTerminal2,
  },
];

const SERVICES: Kind[] = [
  {
    style: "Kubernetes",
    title: "Kubernetes cluster",
    sentence: "The API of a cluster. A worker signs in to it and runs kubectl scripts there.",
    icon: IconHexagons,
  },
  {
    style: "None",
    title: "Cloud region",
    sentence: "A place with a name, such as a region of a cloud. Steps for it run on a worker.",
    icon: IconCloud,
  },
  {
    style: "OfflineDrop",
    title: "Offline package drop",
    sentence: "A machine that this server cannot reach. Each deployment makes a bundle that somebody carries there.",
    icon: IconPackageExport,
  },
  {
    style: "AzureWebApp",
    title: "Azure web app",
    sentence: "A web app or a function app of Azure. A worker signs in with an account.",
    icon: IconWorldWww,
  },
  {
    style: "AwsEcsCluster",
    title: "Amazon ECS cluster",
    sentence: "A cluster of Amazon's container service. A worker signs in with an account or with its own role.",
    icon: IconBrandAws,
  },
  {
    style: "AzureServiceFabricCluster",
    title: "Azure Service Fabric cluster",
    sentence: "A cluster that is reached at its own address. Its health is not checked.",
    icon: IconBrandAzure,
  },
  {
    style: "AzureCloudService",
    title: "Azure cloud service",
    sentence: "A classic cloud service with its storage account. Its health is not checked.",
    icon: IconBrandAzure,
  },
];

/** The groups of kinds that can be added, with a heading each. */
export function catalogueOf(realm: Realm): [string, Kind[]][] {
  const machines: [string, Kind[]] = ["Machines", AGENTS];
  return realm.kind === "workers" ? [machines] : [machines, ["Clusters, clouds and others", SERVICES]];
}

export function kindNamed(realm: Realm, style: string | undefined): Kind | undefined {
  return catalogueOf(realm)
    .flatMap(([, kinds]) => kinds)
    .find((kind) => kind.style === style);
}
