import { Badge, Button, Group, Text } from "@mantine/core";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { type Column, DataTable } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Ago } from "@/components/time";

type Entry = Shape<"LogEntry">;

const STEP = 30;

const logQuery = (take: number) =>
  queryOptions({
    queryKey: ["diagnostics", "log", take],
    queryFn: () =>
      answer(api.GET("/api/serverstatus/logs", { params: { query: { take: String(take), includeDetail: "true" } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

/** The newest lines of the server's own log that tell of something unusual. */
export function RecentLog() {
  const [take, setTake] = useState(STEP);
  const log = useQuery(logQuery(take));
  return (
    <Panel title="Log of this node" flush>
      <Loaded query={log} what="The log" rows={4}>
        {(entries) =>
          entries.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              Nothing unusual since the server was started. All lines are in its log file, or where its output goes.
            </Text>
          ) : (
            <>
              <DataTable
                label="Log"
                rows={entries}
                columns={COLUMNS}
                keyOf={(entry) => String(entry.Number)}
                minWidth={480}
              />
              {entries.length >= take && (
                <Group justify="center" p="sm">
                  <Button variant="default" size="compact-sm" onClick={() => setTake(take + STEP)}>
                    Show more
                  </Button>
                </Group>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

const COLORS: Record<string, string> = { Error: "red", Fatal: "red", Warning: "yellow" };

const COLUMNS: Column<Entry>[] = [
  { head: "When", width: 140, dimmed: true, cell: (entry) => <Ago at={entry.OccurredAt} /> },
  {
    head: "Level",
    width: 100,
    cell: (entry) => <Badge color={COLORS[entry.Category] ?? "gray"}>{entry.Category}</Badge>,
  },
  {
    head: "Message",
    cell: (entry) => (
      <>
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {entry.MessageText}
        </Text>
        {entry.Detail && (
          <Text size="xs" c="dimmed" ff="monospace" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {entry.Detail}
          </Text>
        )}
      </>
    ),
  },
];
