import { Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { eventsOfQuery } from "@/api/events";
import { PAGE } from "@/lib/search";
import { DataTable } from "./data-table";
import { EmptyState } from "./empty-state";
import { Loaded } from "./loaded";
import { Panel } from "./page";
import { Pages } from "./pages";
import { useMay } from "./permitted";
import { Ago } from "./time";

/** What was done with a document, newest first, as the audit trail has it. */
export function History({ space, regarding }: { space: string; regarding: string }) {
  const [page, setPage] = useState(1);
  const mayView = useMay({ permission: "EventView", space });
  const events = useQuery({ ...eventsOfQuery(space, regarding, page), enabled: mayView });
  if (!mayView) {
    return (
      <Panel>
        <Text size="sm" c="dimmed">
          Who did what is in the audit trail. Reading it needs the permission EventView, which none of your teams gives
          you.
        </Text>
      </Panel>
    );
  }
  return (
    <Panel flush>
      <Loaded query={events} what="The history" rows={6}>
        {({ Items, TotalResults }) =>
          Items.length === 0 ? (
            <EmptyState icon={IconHistory} title="Nothing is kept of it">
              Events older than the retention of the audit trail are gone.
            </EmptyState>
          ) : (
            <>
              <DataTable
                label="History"
                rows={Items}
                keyOf={(one) => one.Id}
                columns={[
                  { head: "What", cell: (one) => <Text size="sm">{one.Message}</Text> },
                  { head: "Who", width: 180, wideOnly: true, dimmed: true, cell: (one) => one.Username },
                  {
                    head: "When",
                    width: 150,
                    dimmed: true,
                    cell: (one) => one.Occurred && <Ago at={one.Occurred} />,
                  },
                ]}
              />
              <Pages total={TotalResults} size={PAGE} page={page} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
