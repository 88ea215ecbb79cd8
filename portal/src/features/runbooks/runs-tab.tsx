import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { Picker } from "@/components/picker";
import { useList } from "@/lib/use-list";
import { RunFilters } from "./run-filters";
import { runPageQuery } from "./runs-api";
import { RunsTable } from "./runs-table";
import { useRunbook } from "./use-home";

/** All runs of a runbook, newest first. */
export function RunsTab() {
  const { home, runbook } = useRunbook();
  const list = useList<"environment" | "state" | "tenant" | "branch">();
  const { environment, state, tenant } = list.filters;
  const runs = useQuery(
    runPageQuery(home.space, list.page, {
      projects: home.project,
      runbooks: runbook.Id,
      environments: environment,
      tenants: tenant,
      taskState: state,
    }),
  );
  const isNarrowed = Boolean(environment || state || tenant);
  return (
    <ListPanel
      what="The runs"
      list={{ ...list, isNarrowed }}
      query={runs}
      filters={
        <>
          <RunFilters space={home.space} filters={list.filters} narrow={list.narrow} />
          {runbook.MultiTenancyMode !== "Untenanted" && (
            <Picker
              kind="tenants"
              space={home.space}
              aria-label="Tenant"
              placeholder="All tenants"
              value={tenant ?? null}
              onChange={(next) => list.narrow({ tenant: next })}
              w={180}
            />
          )}
        </>
      }
      empty={
        <EmptyState icon={IconPlayerPlay} title="It has not run yet">
          Run it with the button above. Its runs are listed here, with their logs.
        </EmptyState>
      }
    >
      {(items) => <RunsTable space={home.space} runs={items} />}
    </ListPanel>
  );
}
