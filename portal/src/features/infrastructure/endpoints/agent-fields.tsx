import { Select, Stack, TextInput } from "@mantine/core";
import { Picker } from "@/components/picker";
import { partOf } from "@/lib/use-form";
import type { EndpointProps } from "./endpoint-fields";

const THUMBPRINT = "40 digits that the agent shows: polpo agent show-thumbprint, or Tentacle show-thumbprint.";

export function ListeningFields({ space, form }: EndpointProps) {
  return (
    <Stack>
      <TextInput
        label="Address"
        description="Where the agent listens."
        placeholder="https://web-1:10933/"
        {...form.field("Uri")}
      />
      <TextInput label="Thumbprint" description={THUMBPRINT} {...form.field("Thumbprint")} />
      <ProxyField
        space={space}
        value={form.value.ProxyId}
        onChange={(id) => form.set({ ProxyId: id })}
        error={form.fault("ProxyId")}
      />
    </Stack>
  );
}

export function PollingFields({ form }: EndpointProps) {
  return (
    <Stack>
      <TextInput
        label="Subscription"
        description="The name by which the agent asks for work. It was made when the agent registered."
        placeholder="poll://…/"
        {...form.field("Uri")}
      />
      <TextInput label="Thumbprint" description={THUMBPRINT} {...form.field("Thumbprint")} />
    </Stack>
  );
}

export function KubernetesAgentFields({ space, form }: EndpointProps) {
  const agent = partOf(form, "TentacleEndpointConfiguration");
  const listens = agent.value.CommunicationMode === "Listening";
  return (
    <Stack>
      <Select
        label="How the agent and the server meet"
        data={[
          { value: "Polling", label: "The agent asks for work" },
          { value: "Listening", label: "The server connects to the agent" },
        ]}
        allowDeselect={false}
        value={agent.value.CommunicationMode}
        onChange={(mode) => agent.set({ CommunicationMode: (mode ?? "Polling") as "Polling" | "Listening" })}
      />
      <TextInput label={listens ? "Address" : "Subscription"} {...agent.field("Uri")} />
      <TextInput label="Thumbprint" {...agent.field("Thumbprint")} />
      {listens && (
        <ProxyField
          space={space}
          value={agent.value.ProxyId}
          onChange={(id) => agent.set({ ProxyId: id })}
          error={agent.fault("ProxyId")}
        />
      )}
      <TextInput label="Namespace for steps" {...form.field("DefaultNamespace")} />
    </Stack>
  );
}

interface ProxyProps {
  space: string;
  value: string | null | undefined;
  onChange: (id: string | null) => void;
  error?: string;
}

export function ProxyField({ space, value, onChange, error }: ProxyProps) {
  return (
    <Picker
      kind="proxies"
      space={space}
      label="Proxy"
      description="By which the server reaches the machine."
      placeholder="None"
      value={value ?? null}
      onChange={onChange}
      error={error}
    />
  );
}
