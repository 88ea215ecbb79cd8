import { Button, Code, CopyButton, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import { useCreateKey } from "./api";

const LIVES = [
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "180", label: "180 days" },
  { value: "365", label: "1 year" },
  { value: "never", label: "Never" },
];
const DAY = 24 * 3600 * 1000;

/** Makes a key and shows it, once. */
export function CreateKey({ user, onClose }: { user: string; onClose: () => void }) {
  const [purpose, setPurpose] = useState("");
  const [life, setLife] = useState("180");
  const creating = useCreateKey(user);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const expires = life === "never" ? null : new Date(Date.now() + Number(life) * DAY).toISOString();
    creating.mutate({ Purpose: purpose, Expires: expires });
  };
  if (creating.data) return <ShownOnce text={creating.data.ApiKey} onClose={onClose} />;
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Create an API key</Text>}>
      <form onSubmit={submit}>
        <Stack>
          {creating.isError && <ErrorNotice error={creating.error} />}
          <TextInput
            label="Purpose"
            placeholder="Build server"
            description="So that you know later what it is for."
            data-autofocus
            required
            withAsterisk={false}
            value={purpose}
            onChange={(event) => setPurpose(event.currentTarget.value)}
          />
          <Select label="Expires in" data={LIVES} value={life} onChange={(value) => setLife(value ?? "180")} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" loading={creating.isPending}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ShownOnce({ text, onClose }: { text: string; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>Your new API key</Text>}
      closeOnClickOutside={false}
      size="lg"
    >
      <Stack>
        <Text size="sm">Copy it now: it is kept as a digest and cannot be shown again.</Text>
        <Group gap="xs" wrap="nowrap">
          <Code block flex={1} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
            {text}
          </Code>
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                onClick={copy}
                leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              >
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        </Group>
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
