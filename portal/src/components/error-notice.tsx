import { Button, List, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { ApiError, sentenceOf } from "@/api/errors";
import { Notice } from "./notice";

interface Props {
  error: unknown;
  /** What the user wanted, such as "The project could not be loaded". */
  title?: string;
  onRetry?: () => void;
}

/** The API's own sentence, its list of faults, and a way to try again where that can help. */
export function ErrorNotice({ error, title, onRetry }: Props) {
  const faults = error instanceof ApiError ? error.faults : [];
  const help = error instanceof ApiError ? error.help : null;
  return (
    <Notice alert tone="failed" icon={IconAlertTriangle} title={title}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {sentenceOf(error)}
        </Text>
        {faults.length > 0 && (
          <List size="sm">
            {faults.map((fault) => (
              <List.Item key={fault}>{fault}</List.Item>
            ))}
          </List>
        )}
        {help && (
          <Text size="sm" c="dimmed">
            {help}
          </Text>
        )}
        {onRetry && (
          <Button size="compact-sm" variant="default" onClick={onRetry}>
            Try again
          </Button>
        )}
      </Stack>
    </Notice>
  );
}
