import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { CodeEditor } from "@/components/code/code-editor";
import type { Language } from "@/components/code/languages";
import type { KnownVariable } from "@/components/code/variables";
import type { Variable } from "../model/variable";

interface Props {
  variable: Variable;
  known: readonly KnownVariable[];
  readOnly: boolean;
  onDone: (text: string) => void;
  onClose: () => void;
}

const LANGUAGES: { value: Language; label: string }[] = [
  { value: "text", label: "Plain text" },
  { value: "json", label: "JSON" },
  { value: "yaml", label: "YAML" },
  { value: "xml", label: "XML" },
  { value: "bash", label: "Bash" },
  { value: "powershell", label: "PowerShell" },
  { value: "python", label: "Python" },
  { value: "markdown", label: "Markdown" },
];

/** A value in an editor as large as the window allows. */
export function TextDialog({ variable, known, readOnly, onDone, onClose }: Props) {
  const [text, setText] = useState(variable.Value ?? "");
  const [language, setLanguage] = useState<Language>(() => languageOf(variable.Value ?? ""));
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={600}>Value of {variable.Name || "the new variable"}</Text>}
      size="xl"
    >
      <Stack>
        <Group justify="space-between" align="flex-end">
          <Select
            label="Shown as"
            w={170}
            data={LANGUAGES}
            value={language}
            allowDeselect={false}
            onChange={(next) => next && setLanguage(next as Language)}
          />
          <Text size="xs" c="dimmed">
            {"#{"} offers variables while you type.
          </Text>
        </Group>
        <CodeEditor
          label={`Value of ${variable.Name || "the new variable"}`}
          value={text}
          onChange={setText}
          language={language}
          readOnly={readOnly}
          variables={known}
          minHeight={260}
          maxHeight={560}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          {!readOnly && <Button onClick={() => onDone(text)}>Take over</Button>}
        </Group>
      </Stack>
    </Modal>
  );
}

/** A guess by how the text begins; it can be chosen otherwise. */
export function languageOf(text: string): Language {
  const start = text.trimStart();
  if (/^[{[]/.test(start) && /[}\]]\s*$/.test(text) && !start.startsWith("{{")) return "json";
  if (start.startsWith("<")) return "xml";
  if (/^#!.*\b(?:ba)?sh\b/.test(start)) return "bash";
  if (/^#!.*python/.test(start)) return "python";
  return /^(?:---|[\w-]+:(?:\s|$))/.test(start) && text.includes("\n") ? "yaml" : "text";
}
