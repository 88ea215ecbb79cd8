import { Button, CopyButton, Group, Modal, Text } from "@mantine/core";
import { CodeEditor } from "@/components/code/code-editor";

/** The process as the API has it, to read and to copy. */
export function JsonView({ document, name, onClose }: { document: unknown; name: string; onClose: () => void }) {
  const text = JSON.stringify(document, null, 2);
  const download = () => {
    const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const link = window.document.createElement("a");
    link.href = address;
    link.download = `${name}.json`;
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <Modal opened onClose={onClose} size={900} title={<Text fw={600}>The process as JSON</Text>}>
      <CodeEditor label="The process as JSON" value={text} language="json" readOnly maxHeight={520} />
      <Group justify="flex-end" gap="xs" mt="md">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
        <Button variant="default" onClick={download}>
          Download
        </Button>
      </Group>
    </Modal>
  );
}
