import { Group, NumberInput, TextInput } from "@mantine/core";
import { SecretField } from "@/components/secret-field";
import type { Fields } from "@/lib/use-form";
import type { Stored } from "../crud";

export function ProxyFields({ form }: { form: Fields<Stored<"proxies">> }) {
  return (
    <>
      <TextInput label="Name" required withAsterisk={false} {...form.field("Name")} />
      <Group align="flex-start" gap="sm" wrap="nowrap">
        <TextInput label="Host" placeholder="proxy.example.com" {...form.field("Host")} style={{ flex: 1 }} />
        <NumberInput
          label="Port"
          hideControls
          min={1}
          max={65535}
          w={100}
          value={form.value.Port}
          onChange={(port) => form.set({ Port: Number(port) || 0 })}
          error={form.fault("Port")}
        />
      </Group>
      <TextInput label="User name" description="Where the proxy asks for one." {...form.field("Username")} />
      <SecretField
        label="Password"
        value={form.value.Password}
        onChange={(value) => form.set({ Password: value })}
        error={form.fault("Password")}
      />
    </>
  );
}
