import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import { ShownOnce } from "@/components/shown-once";
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
  if (creating.data) {
    return (
      <ShownOnce title="The new API key" text={creating.data.ApiKey} onClose={onClose}>
        Copy it now: it is kept as a digest and cannot be shown again.
      </ShownOnce>
    );
  }
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
