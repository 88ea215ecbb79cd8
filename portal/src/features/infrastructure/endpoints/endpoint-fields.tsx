import { Text } from "@mantine/core";
import type { ComponentType } from "react";
import type { Fields } from "@/lib/use-form";
import { kindOf, type Style } from "../kinds";
import type { Realm } from "../machines/realm";
import { KubernetesAgentFields, ListeningFields, PollingFields } from "./agent-fields";
import { CloudServiceFields, EcsFields, ServiceFabricFields, WebAppFields } from "./cloud-fields";
import { KubernetesFields } from "./kubernetes-fields";
import { OfflineFields } from "./offline-fields";
import { RegionFields } from "./region-fields";
import { SshFields } from "./ssh-fields";
import type { Endpoint } from "./starts";

export interface EndpointProps {
  realm: Realm;
  space: string;
  form: Fields<Endpoint>;
}

const FIELDS: Partial<Record<Style, ComponentType<EndpointProps>>> = {
  TentaclePassive: ListeningFields,
  TentacleActive: PollingFields,
  KubernetesTentacle: KubernetesAgentFields,
  Ssh: SshFields,
  Kubernetes: KubernetesFields,
  None: RegionFields,
  OfflineDrop: OfflineFields,
  AzureWebApp: WebAppFields,
  AzureCloudService: CloudServiceFields,
  AzureServiceFabricCluster: ServiceFabricFields,
  AwsEcsCluster: EcsFields,
};

/** How a machine is reached, by the fields of its style. What they do not show stays as it was sent. */
export function EndpointFields(props: EndpointProps) {
  const Fields = FIELDS[props.form.value.CommunicationStyle];
  if (Fields) return <Fields {...props} />;
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        A target of the kind {kindOf(props.form.value)} is kept as another program made it, and is changed by that.
      </Text>
      <Text component="pre" size="xs" style={{ overflowX: "auto", margin: 0 }} tabIndex={0}>
        {JSON.stringify(props.form.value, null, 2)}
      </Text>
    </>
  );
}
