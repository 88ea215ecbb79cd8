import { ActionIcon, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Channel } from "@/api/reference";
import { Panel } from "@/components/page";
import type { Form } from "@/lib/use-form";

/** As many as the API takes. */
const MOST = 10;

/** What whoever makes a release of the channel has to fill in. */
export function CustomFields({ form }: { form: Form<Channel> }) {
  const fields = form.value.CustomFieldDefinitions;
  const set = (next: typeof fields) => form.set({ CustomFieldDefinitions: next });
  const change = (index: number, patch: Partial<(typeof fields)[number]>) =>
    set(fields.map((one, place) => (place === index ? { ...one, ...patch } : one)));
  return (
    <Panel title="Fields of its releases">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Whoever makes a release fills them in; steps read them as{" "}
          <code>{`#{Octopus.Release.CustomFields[name]}`}</code>.
        </Text>
        {fields.map((field, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: their names are being typed
          <Group key={index} align="flex-end" gap="xs">
            <TextInput
              label="Name"
              value={field.FieldName}
              onChange={(event) => change(index, { FieldName: event.currentTarget.value })}
              w={{ base: "100%", xs: 200 }}
            />
            <TextInput
              label="Description"
              value={field.Description}
              onChange={(event) => change(index, { Description: event.currentTarget.value })}
              style={{ flex: 1 }}
            />
            <ActionIcon
              size={36}
              aria-label={`Remove the field ${field.FieldName}`}
              onClick={() => set(fields.filter((_, place) => place !== index))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        {fields.length < MOST && (
          <Button
            variant="default"
            leftSection={<IconPlus size={15} />}
            onClick={() => set([...fields, { FieldName: "", Description: "" }])}
            style={{ alignSelf: "flex-start" }}
          >
            Add a field
          </Button>
        )}
      </Stack>
    </Panel>
  );
}
