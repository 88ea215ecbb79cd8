import { Badge, Group } from "@mantine/core";

/** Short words in a row: target tags, scopes, channels. */
export function Tags({ words, color = "gray" }: { words: readonly string[]; color?: string }) {
  return (
    <Group gap={4}>
      {words.map((word) => (
        <Badge key={word} color={color}>
          {word}
        </Badge>
      ))}
    </Group>
  );
}
