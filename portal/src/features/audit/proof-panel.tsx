import { Code, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { headQuery } from "./api";

/** How to prove that nothing was taken out of the trail or put into it: that is done on the server's command line. */
export function ProofPanel() {
  const { data: head } = useQuery(headQuery);
  if (!head) return null;
  return (
    <Stack gap={6} mt="lg" maw={860}>
      <Text size="sm" c="dimmed">
        Each event carries a hash over itself and the one before it. On the server, this checks the whole trail and its
        archive; keep the text at its end somewhere else, and it also shows later whether the end was cut off.
      </Text>
      <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        polpo admin verify-audit --expect {head.Text}
      </Code>
    </Stack>
  );
}
