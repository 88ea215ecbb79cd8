import { Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { DataTable } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";

const settingsQuery = queryOptions({
  queryKey: ["start-settings"],
  queryFn: () => answer(api.GET("/api/serverconfiguration/settings")),
});

/** What the server was started with: that is changed where it is started, and counts from the next start on. */
export function StartSettings() {
  const settings = useQuery(settingsQuery);
  return (
    <Panel title="Given at the start" flush>
      <Text size="sm" c="dimmed" p="md" pb={0}>
        Set in the server's file of settings, its environment or its command line; they count from its next start on.
      </Text>
      <Loaded query={settings} what="The settings">
        {(sets) => (
          <DataTable
            label="Settings of the start"
            rows={sets.flatMap((one) => one.ConfigurationValues)}
            columns={[
              { head: "Setting", width: 220, cell: (one) => <code>{one.Key}</code> },
              {
                head: "Value",
                cell: (one) => (one.Value ? <code style={{ overflowWrap: "anywhere" }}>{one.Value}</code> : "–"),
              },
            ]}
            keyOf={(one) => one.Key}
          />
        )}
      </Loaded>
    </Panel>
  );
}
