import { Button, FileButton, Group, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { CodeField } from "@/components/code/code-editor";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { useAddTemplate } from "../api-templates";
import { imported } from "./exchange";

/** Takes in a template that was exported, from here, from the original, or from the community's library. */
export function ImportTemplate({ space, onClose }: { space: string; onClose: () => void }) {
  const adding = useAddTemplate(space);
  const form = useForm({ text: "" }, adding.error);
  const navigate = useNavigate();
  const read = imported(form.value.text);
  const fault = "fault" in read ? read.fault : null;
  const add = async () => {
    if (!("template" in read)) return;
    const made = await adding.mutateAsync(read.template);
    await navigate({ to: "/app/$space/library/step-templates/$template", params: { space, template: made.Id } });
  };
  return (
    <FormModal
      title="Import a step template"
      action="Import"
      size="lg"
      form={form}
      pending={adding.isPending}
      need={{ permission: "ActionTemplateCreate", space }}
      barred={form.value.text.trim() === "" ? "Choose a file, or paste its text." : fault}
      onSubmit={() => void add().catch(() => undefined)}
      onClose={onClose}
    >
      <Group>
        <FileButton
          accept="application/json,.json"
          onChange={async (file) => file && form.set({ text: await file.text() })}
        >
          {(props) => (
            <Button variant="default" {...props}>
              Choose a file
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          or paste its text
        </Text>
      </Group>
      <CodeField
        label="Step template as JSON"
        language="json"
        value={form.value.text}
        onChange={(text) => form.set({ text })}
        error={form.value.text.trim() === "" ? undefined : (fault ?? undefined)}
        maxHeight={320}
      />
    </FormModal>
  );
}
