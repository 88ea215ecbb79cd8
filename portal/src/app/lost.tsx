import { Stack, Text, Title } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorNotice } from "@/components/error-notice";
import { ButtonLink } from "@/components/links";
import { Mark } from "@/components/mark";

export function LostScreen() {
  return (
    <Stack align="center" gap="sm" py={80} px="md">
      <Mark size={44} />
      <Title order={1}>There is no such page</Title>
      <Text c="dimmed">The address may be mistyped, or what it showed has been deleted.</Text>
      <ButtonLink to="/app" variant="default" mt="sm">
        Go to the dashboard
      </ButtonLink>
    </Stack>
  );
}

export function BrokenScreen({ error, reset }: ErrorComponentProps) {
  return (
    <Stack maw={640} mx="auto" py={60} px="md">
      <ErrorNotice error={error} title="This page could not be shown" onRetry={reset} />
    </Stack>
  );
}
