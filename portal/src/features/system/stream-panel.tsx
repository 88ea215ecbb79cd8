import { Stack, Text } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { ErrorNotice } from "@/components/error-notice";
import { Facts } from "@/components/facts";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { Ago } from "@/components/time";
import type { Condition } from "@/lib/state";

const stateQuery = queryOptions({
  queryKey: ["audit-stream"],
  queryFn: () => answer(api.GET("/api/auditstream/state")),
  refetchInterval: 5000,
});

const STATES: Record<string, Condition> = {
  Streaming: "success",
  Failing: "failed",
  Paused: "waiting",
  Off: "cancelled",
};

/** How far the stream is, and one event to try it with. */
export function StreamPanel() {
  const state = useQuery(stateQuery);
  const client = useQueryClient();
  const testing = useMutation({
    mutationFn: () => answer(api.POST("/api/auditstream/test")),
    onSettled: () => client.invalidateQueries({ queryKey: ["audit-stream"] }),
  });
  const test = (
    <ActionButton
      variant="default"
      need={{ permission: "ConfigureServer" }}
      loading={testing.isPending}
      onClick={() => testing.mutate()}
    >
      Send a test event
    </ActionButton>
  );
  return (
    <Panel title="The stream" aside={test}>
      <Stack gap="md">
        <Loaded query={state} what="The state of the stream" rows={2}>
          {(now) => (
            <Facts
              facts={[
                ["State", <StateBadge key="state" of={STATES[now.State] ?? "pending"} word={now.State} />],
                ["Sent up to", now.SentUpTo],
                ["Waiting", now.Unsent === 0 ? "Nothing" : now.Unsent.toLocaleString("en-US")],
                ["Last sent", now.LastSent && <Ago at={now.LastSent} />],
                ["Last error", now.LastError],
                ["Next attempt", now.NextAttempt && <Ago at={now.NextAttempt} />],
              ]}
            />
          )}
        </Loaded>
        {testing.isError && <ErrorNotice error={testing.error} title="The test event was not sent" />}
        {testing.data && (
          <Text size="sm" role="status" c={testing.data.IsSuccessful ? undefined : "red"}>
            {testing.data.IsSuccessful ? "The test event was taken: " : "The test event was refused: "}
            {testing.data.Message}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
