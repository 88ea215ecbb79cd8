import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconRadar2, IconShieldCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { Copyable } from "@/components/copyable";
import { FormFaults } from "@/components/form";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useForm } from "@/lib/use-form";
import { ProxyField } from "../endpoints/agent-fields";
import { entranceQuery } from "../entrance";
import { useDiscover } from "../machines/api";
import machines from "../machines/machines.module.css";
import type { Machine, Realm } from "../machines/realm";
import { EndpointWizard } from "./endpoint-wizard";

const NEW = { host: "", port: "10933", proxyId: null as string | null };

/** For an agent that listens already: asks its address for its thumbprint, which the person compares. */
export function DiscoverWizard({ realm, space }: { realm: Realm; space: string }) {
  const discovering = useDiscover(realm, space);
  const form = useForm(NEW, discovering.error);
  const entrance = useQuery(entranceQuery).data;
  const found = discovering.data;
  const ask = (event: FormEvent) => {
    event.preventDefault();
    discovering.mutate({ ...form.value, type: "TentaclePassive" });
  };
  return (
    <Stack maw={1100}>
      <Panel title="1. Where it listens">
        <form onSubmit={ask}>
          <Stack>
            <Text size="sm">The agent must trust this server. On Linux, this makes it do so:</Text>
            {entrance && <Copyable text={`polpo agent configure --trust ${entrance.Thumbprint}`} label="the command" />}
            <FormFaults form={form} title="Nobody was found there" />
            <Group align="flex-start" gap="sm">
              <TextInput
                label="Host"
                placeholder="web-1.example.com"
                required
                withAsterisk={false}
                {...form.field("host")}
                w={{ base: "100%", xs: 300 }}
              />
              <TextInput label="Port" {...form.field("port")} w={100} />
              <ProxyField space={space} value={form.value.proxyId} onChange={(id) => form.set({ proxyId: id })} />
            </Group>
            <div>
              <ActionButton
                type="submit"
                leftSection={<IconRadar2 size={16} />}
                loading={discovering.isPending}
                need={{ permission: realm.create, space }}
              >
                Ask who is there
              </ActionButton>
            </div>
          </Stack>
        </form>
      </Panel>
      {found && <Found key={found.Thumbprint} realm={realm} space={space} found={found} proxyId={form.value.proxyId} />}
      {found && (
        <Text size="sm" c="dimmed">
          <Button variant="transparent" size="compact-sm" px={0} onClick={() => discovering.reset()}>
            Ask another address
          </Button>
        </Text>
      )}
    </Stack>
  );
}

interface FoundProps {
  realm: Realm;
  space: string;
  found: Machine;
  proxyId: string | null;
}

function Found({ realm, space, found, proxyId }: FoundProps) {
  const endpoint = { ...found.Endpoint, ...(proxyId && { ProxyId: proxyId }) };
  return (
    <>
      <Notice tone="idle" icon={IconShieldCheck} title="Compare the thumbprint">
        <Text size="sm">
          An agent answered with <span className={machines.mono}>{found.Thumbprint}</span>. It must be what the agent
          shows on the machine itself: <code>polpo agent show-thumbprint</code>, or in Tentacle Manager.
        </Text>
      </Notice>
      <EndpointWizard realm={realm} space={space} style="TentaclePassive" endpoint={endpoint} name={found.Name} />
    </>
  );
}
