import { Button, Code, CopyButton, Group, Modal, Stack, Text } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";

interface Props {
  title: string;
  /** What to do with it now, and that it cannot be shown again. */
  children: ReactNode;
  text: string;
  onClose: () => void;
}

/** A text that the server keeps as a digest only: a click beside the dialog must not lose it. */
export function ShownOnce({ title, children, text, onClose }: Props) {
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>{title}</Text>} closeOnClickOutside={false} size="lg">
      <Stack>
        <Text size="sm">{children}</Text>
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
