import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { Picker } from "@/components/picker";
import { useList } from "@/lib/use-list";
import { RunFilters } from "./run-filters";
import { runPageQuery } from "./runs-api";
import { RunsTable } from "./runs-table";

/** The runs of all runbooks of a space, newest first. */
export function OperationsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/runbook-runs" });
  const list = useList<"project" | "environment" | "state">();
  const { project, environment, state } = list.filters;
  const runs = useQuery(
    runPageQuery(space, list.page, { projects: project, environments: environment, taskState: state }),
  );
  return (
    <Page title="Runbook runs" description="What runbooks of all projects did, newest first.">
      <ListPanel
        what="The runs"
        list={list}
        query={runs}
        filters={
          <>
            <Picker
              kind="projects"
              space={space}
              aria-label="Project"
              placeholder="All projects"
              value={project ?? null}
              onChange={(next) => list.narrow({ project: next })}
              w={220}
            />
            <RunFilters space={space} filters={list.filters} narrow={list.narrow} />
          </>
        }
        empty={
          <EmptyState icon={IconPlayerPlay} title="No runbook has run yet">
            Runbooks belong to projects: open one, add a runbook, and run it.
          </EmptyState>
        }
      >
        {(items) => <RunsTable space={space} runs={items} ofMany />}
      </ListPanel>
    </Page>
  );
}
