import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { Ago } from "@/components/time";
import { useList } from "@/lib/use-list";
import { tenantEventsQuery } from "./api";
import { useTenant } from "./use-tenant";

/** What was done to the tenant, and by whom. */
export function HistoryTab() {
  const { space, tenant } = useTenant();
  const list = useList();
  const events = useQuery(tenantEventsQuery(space, tenant.Id, list.page));
  return (
    <ListPanel
      what="The events"
      list={list}
      query={events}
      empty={
        <EmptyState icon={IconHistory} title="Nothing that you may see">
          What is done to the tenant is told here, to those who may look at events.
        </EmptyState>
      }
    >
      {(items) => (
        <DataTable
          label="Events"
          rows={items}
          keyOf={(one) => one.Id}
          minWidth={360}
          columns={[
            { head: "What", cell: (one) => one.Message },
            { head: "Who", width: 180, cell: (one) => one.Username },
            { head: "When", width: 160, dimmed: true, cell: (one) => one.Occurred && <Ago at={one.Occurred} /> },
          ]}
        />
      )}
    </ListPanel>
  );
}
