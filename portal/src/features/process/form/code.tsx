import { ActionIcon, Group, Input, Modal, Text, Tooltip } from "@mantine/core";
import { IconMaximize } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { CodeEditor } from "@/components/code/code-editor";
import type { Language } from "@/components/code/languages";
import { expressionFaults } from "../model/expressions";
import { useEditing } from "./context";

interface Props {
  label: string;
  description?: ReactNode;
  value: string;
  onChange: (text: string) => void;
  language?: Language;
  placeholder?: string;
  error?: string;
  minHeight?: number;
  /** Beside the button for the full screen: a choice of language. */
  aside?: ReactNode;
}

/** A long text of a step: its variables are offered, what is wrong with its `#{…}` is told, and it can fill the window. */
export function CodeArea({ label, description, aside, error, ...rest }: Props) {
  const { readOnly, variables } = useEditing();
  const [isFull, setFull] = useState(false);
  const fault = error ?? expressionFaults(rest.value)[0];
  const editor = { ...rest, label, readOnly, variables, error: fault };
  return (
    <Input.Wrapper
      label={
        <Group gap="xs" justify="space-between" wrap="nowrap">
          <span>{label}</span>
          <Group gap={4}>
            {aside}
            <Tooltip label="Fill the window">
              <ActionIcon size="sm" aria-label={`${label}: fill the window`} onClick={() => setFull(true)}>
                <IconMaximize size={15} />
              </ActionIcon>
            </Tooltip>
          </Group>
        </Group>
      }
      labelElement="div"
      labelProps={{ style: { width: "100%" } }}
      description={description}
      error={fault}
    >
      {!isFull && <CodeEditor {...editor} />}
      {isFull && (
        <Modal opened onClose={() => setFull(false)} fullScreen title={<Text fw={600}>{label}</Text>}>
          <CodeEditor {...editor} minHeight={window.innerHeight - 110} maxHeight={window.innerHeight - 110} />
          {fault && <Input.Error mt={6}>{fault}</Input.Error>}
        </Modal>
      )}
    </Input.Wrapper>
  );
}
