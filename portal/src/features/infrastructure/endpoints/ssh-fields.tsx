import { Button, Group, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconFingerprint } from "@tabler/icons-react";
import { useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import { useDiscover } from "../machines/api";
import { AccountField } from "./account-field";
import { ProxyField } from "./agent-fields";
import type { EndpointProps } from "./endpoint-fields";

const PLATFORMS = ["linux-x64", "linux-arm64", "linux-arm", "osx-x64"];

export function SshFields({ realm, space, form }: EndpointProps) {
  return (
    <Stack>
      <AccountField
        space={space}
        label="Account"
        description="An SSH key pair, or a user name and password."
        types={["SshKeyPair", "UsernamePassword"]}
        value={form.value.AccountId}
        onChange={(id) => form.set({ AccountId: id })}
        error={form.fault("AccountId")}
      />
      <Group align="flex-start" gap="sm" grow preventGrowOverflow={false}>
        <TextInput label="Host" placeholder="web-1.example.com" {...form.field("Host")} style={{ flex: 3 }} />
        <NumberInput
          label="Port"
          min={1}
          max={65535}
          hideControls
          value={form.value.Port ?? 22}
          onChange={(port) => form.set({ Port: typeof port === "number" ? port : null })}
          error={form.fault("Port")}
          style={{ flex: 1 }}
        />
      </Group>
      <Fingerprint realm={realm} space={space} form={form} />
      <ProxyField
        space={space}
        value={form.value.ProxyId}
        onChange={(id) => form.set({ ProxyId: id })}
        error={form.fault("ProxyId")}
      />
      <Select
        label="Platform"
        description="For other programs that read it; this server needs only Python 3.8 there."
        placeholder="Not told"
        clearable
        data={PLATFORMS}
        value={form.value.DotNetCorePlatform ?? null}
        onChange={(platform) => form.set({ DotNetCorePlatform: platform })}
      />
    </Stack>
  );
}

/** Asks the host for its key, and has the person compare it: whoever answers first is not trusted for that alone. */
function Fingerprint({ realm, space, form }: EndpointProps) {
  const discovering = useDiscover(realm, space);
  const [isFound, setFound] = useState(false);
  const { Host: host, Port: port, ProxyId: proxyId } = form.value;
  const ask = () =>
    discovering.mutate(
      { host: host ?? "", port: String(port ?? 22), type: "Ssh", proxyId },
      {
        onSuccess: ({ Endpoint: found }) => {
          form.set({ Fingerprint: found.Fingerprint, HostKeyAlgorithm: found.HostKeyAlgorithm });
          setFound(true);
        },
      },
    );
  return (
    <div>
      <Group align="flex-end" gap="xs" wrap="nowrap">
        <TextInput
          label="Fingerprint"
          description="Of the host's key. Empty: the key must be among the known SSH hosts."
          placeholder="SHA256:…"
          {...form.field("Fingerprint")}
          style={{ flex: 1 }}
        />
        <Button
          variant="default"
          leftSection={<IconFingerprint size={16} />}
          loading={discovering.isPending}
          disabled={!host?.trim()}
          onClick={ask}
        >
          Ask the host
        </Button>
      </Group>
      {isFound && !discovering.isError && (
        <Text size="sm" mt={6} role="status">
          This is what answers there. Compare it on the machine:{" "}
          <code>ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key.pub</code>
        </Text>
      )}
      {discovering.isError && <ErrorNotice error={discovering.error} title="The host did not tell its key" />}
    </div>
  );
}
