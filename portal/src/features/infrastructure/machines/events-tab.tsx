import { Text } from "@mantine/core";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, pageOf, type Shape } from "@/api/client";
import { type Column, DataTable } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { Ago } from "@/components/time";
import { PAGE } from "@/lib/search";

type Event = Shape<"Event">;

const eventsQuery = (space: string, id: string, page: number) =>
  queryOptions({
    queryKey: ["events", space, "regarding", id, page],
    queryFn: () => {
      const query = { regarding: id, excludeDifference: "true", ...pageOf(page, PAGE) };
      return answer(api.GET("/api/{space}/events", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });

/** What the audit trail tells of it. */
export function EventsTab({ space, id }: { space: string; id: string }) {
  const [page, setPage] = useState(1);
  const events = useQuery(eventsQuery(space, id, page));
  return (
    <Panel flush>
      <Loaded query={events} what="The events">
        {({ Items, TotalResults }) =>
          Items.length === 0 ? (
            <Text size="sm" c="dimmed" p="xl" ta="center">
              Nothing that you may see has happened to it yet.
            </Text>
          ) : (
            <>
              <DataTable label="Events" rows={Items} columns={COLUMNS} keyOf={(event) => event.Id} minWidth={520} />
              <Pages total={TotalResults} size={PAGE} page={page} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

const COLUMNS: Column<Event>[] = [
  { head: "What happened", cell: (event) => event.Message },
  { head: "Who", width: 180, dimmed: true, cell: (event) => event.Username || "The server" },
  { head: "When", width: 150, dimmed: true, cell: (event) => event.Occurred && <Ago at={event.Occurred} /> },
];
