import { Kbd, Modal, Table, Text } from "@mantine/core";
import { JUMPS } from "./shortcuts";

const LINES: [string[], string][] = [
  [["Ctrl", "K"], "Search or jump to anything"],
  [["/"], "The same"],
  [["?"], "Show this"],
  ...JUMPS.map(({ letter, word }): [string[], string] => [["g", letter], `Go to: ${word}`]),
];

export function ShortcutsHelp({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Keyboard shortcuts</Text>} size="sm">
      <Table aria-label="Keyboard shortcuts" withRowBorders={false} verticalSpacing={5}>
        <Table.Tbody>
          {LINES.map(([keys, meaning]) => (
            <Table.Tr key={keys.join(" ")}>
              <Table.Td w={110}>
                {keys.map((key, index) => (
                  <span key={key}>
                    {index > 0 && " "}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="sm">
        Two letters are pressed one after the other. On a Mac, Ctrl is ⌘.
      </Text>
    </Modal>
  );
}
