import { Kbd, Table, Text } from "@mantine/core";

const KEYS: readonly (readonly [keys: string, does: string])[] = [
  ["↑ ↓ ← →", "go from cell to cell"],
  ["Enter or F2", "edit the cell; Enter again goes down"],
  ["any letter", "replace what is in the cell"],
  ["Tab", "take over, and go right"],
  ["Escape", "leave the cell as it was"],
  ["Alt + Enter", "edit the value large, or all of the variable"],
  ["Ctrl + Enter", "add another value of the variable"],
  ["Delete", "empty a value or a scope"],
  ["Ctrl + Delete", "delete the variable, or all that are chosen"],
  ["Shift + Space", "choose the line; Ctrl + A chooses all"],
  ["Ctrl + V", "paste lines from elsewhere"],
  ["Ctrl + Z", "undo; with Shift redo"],
];

/** What keys do in the grid. */
export function Keys() {
  return (
    <>
      <Text size="sm" fw={600} mb={4}>
        Keys in the table
      </Text>
      <Table verticalSpacing={3} horizontalSpacing={4} withRowBorders={false}>
        <Table.Tbody>
          {KEYS.map(([keys, does]) => (
            <Table.Tr key={keys}>
              <Table.Td w={130}>
                <Kbd size="xs">{keys}</Kbd>
              </Table.Td>
              <Table.Td fz="xs">{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}
