import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { scopeWords } from "@/lib/scope-words";
import type { Home, Runbook } from "./api";
import { processDifferences, variableDifferences } from "./difference";
import { DifferenceView } from "./difference-view";
import { processQuery, type Snapshot, variablesQuery } from "./snapshots-api";

interface Props {
  home: Home;
  runbook: Runbook;
  snapshot: Snapshot;
}

/** From what the snapshot froze to what there is now. */
export function SnapshotDifference({ home, runbook, snapshot }: Props) {
  const { space } = home;
  const then = useQuery(processQuery(space, snapshot.FrozenRunbookProcessId));
  const now = useQuery({ ...processQuery(space, runbook.RunbookProcessId), staleTime: 0 });
  const variablesThen = useQuery(variablesQuery(space, snapshot.FrozenProjectVariableSetId));
  const variablesNow = useQuery({ ...variablesQuery(space, `variableset-${home.project}`), staleTime: 0 });
  return (
    <Stack>
      <Panel title="Steps">
        <Loaded query={then} what="The frozen steps">
          {(old) => (
            <Loaded query={now} what="The steps of now">
              {(next) => <Changes differences={processDifferences(old, next)} what="The steps" />}
            </Loaded>
          )}
        </Loaded>
      </Panel>
      <Panel title="Variables">
        <Loaded query={variablesThen} what="The frozen variables">
          {(old) => (
            <Loaded query={variablesNow} what="The variables of now">
              {(next) => (
                <Changes
                  differences={variableDifferences(old, next, (one) =>
                    scopeWords(one.Scope, next.ScopeValues).join(", "),
                  )}
                  what="The project's own variables"
                />
              )}
            </Loaded>
          )}
        </Loaded>
      </Panel>
    </Stack>
  );
}

function Changes({ differences, what }: { differences: ReturnType<typeof processDifferences>; what: string }) {
  if (differences.length > 0) return <DifferenceView differences={differences} />;
  return (
    <Text size="sm" c="dimmed">
      {what} are as they were frozen.
    </Text>
  );
}
