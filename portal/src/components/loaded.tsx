import { Skeleton, Stack, Text } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNotice } from "./error-notice";

interface Props<T> {
  query: UseQueryResult<T>;
  /** What is loaded, as in "The tasks could not be loaded". */
  what: string;
  rows?: number;
  children: (data: T) => ReactNode;
}

/** Shows what a query has. What was loaded before stays on the screen while a later reading fails, and is marked old. */
export function Loaded<T>({ query, what, rows = 4, children }: Props<T>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.isError && (
          <Text size="xs" c="red" role="status" mb="xs">
            This is not up to date: {query.error.message}
          </Text>
        )}
        {children(query.data)}
      </>
    );
  }
  if (query.isError) {
    return <ErrorNotice error={query.error} title={`${what} could not be loaded`} onRetry={() => query.refetch()} />;
  }
  return (
    <Stack gap="sm" p="md" aria-busy role="status">
      <span className="spoken">{`${what}: loading`}</span>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of nothing have no other key
        <Skeleton key={index} height={18} width={`${92 - ((index * 17) % 40)}%`} />
      ))}
    </Stack>
  );
}
