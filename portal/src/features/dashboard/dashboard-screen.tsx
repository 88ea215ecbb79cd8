import { Button, Stack } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconLayoutDashboard } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { useList } from "@/lib/use-list";
import { configurationQuery, type Filter, matrixQuery } from "./api";
import { Attention } from "./attention";
import { Filters } from "./filters";
import { groupsOf } from "./groups";
import { GuideCard } from "./guide/guide-card";
import { Matrix } from "./matrix-view";
import { useFolded } from "./use-folded";

// Most who look at the dashboard need neither.
const Configure = lazy(() => import("./configure").then((module) => ({ default: module.Configure })));
const Guide = lazy(() => import("./guide/guide-screen").then((module) => ({ default: module.Guide })));

/** What is where: every project in every environment, as it stands now. */
export function DashboardScreen() {
  const { space } = useParams({ from: "/shell/app/$space/" });
  const list = useList<Filter>();
  const matrix = useQuery(matrixQuery(space, list));
  const configuration = useQuery(configurationQuery(space));
  const [configuring, setConfiguring] = useState(false);
  const folded = useFolded();
  const isFiltered = matrix.data?.IsFiltered ?? false;
  const isEmpty = matrix.data?.TotalResults === 0 && !list.isNarrowed && !isFiltered;
  const configure = (
    <Button
      variant="default"
      leftSection={<IconAdjustmentsHorizontal size={16} />}
      disabled={!configuration.data}
      onClick={() => setConfiguring(true)}
    >
      {isFiltered ? "Configured" : "Configure"}
    </Button>
  );
  return (
    <Page
      title="Dashboard"
      description="What is deployed where, as it stands now."
      actions={isEmpty ? undefined : configure}
    >
      {isEmpty ? (
        <Suspense fallback={<div aria-busy />}>
          <Guide space={space} />
        </Suspense>
      ) : (
        <>
          <GuideCard space={space} />
          <Attention space={space} />
          <ListPanel
            what="The dashboard"
            list={list}
            query={matrix}
            find="Find a project"
            filters={<Filters space={space} list={list} />}
            isSplit
            empty={
              <EmptyState icon={IconLayoutDashboard} title="What you configured shows no project" action={configure}>
                The projects that you chose for this dashboard are gone, or none fits all that you chose.
              </EmptyState>
            }
          >
            {() => (
              <Stack gap="lg">
                {matrix.data &&
                  groupsOf(matrix.data).map((group) => (
                    <Matrix
                      key={group.id}
                      space={space}
                      group={group}
                      isFolded={folded.isFolded(group.id)}
                      onFold={() => folded.toggle(group.id)}
                    />
                  ))}
              </Stack>
            )}
          </ListPanel>
        </>
      )}
      {configuring && configuration.data && (
        <Suspense fallback={null}>
          <Configure space={space} configuration={configuration.data} onClose={() => setConfiguring(false)} />
        </Suspense>
      )}
    </Page>
  );
}
