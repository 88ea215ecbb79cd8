import { List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Column, DataTable } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { scopeWords } from "@/lib/scope-words";
import { processQuery, type Snapshot, type Variables, variablesQuery } from "./snapshots-api";

type Variable = Variables["Variables"][number];

/** The steps, package versions and variables that a snapshot froze. */
export function SnapshotSteps({ space, snapshot }: { space: string; snapshot: Snapshot }) {
  const process = useQuery(processQuery(space, snapshot.FrozenRunbookProcessId));
  const variables = useQuery(variablesQuery(space, snapshot.FrozenProjectVariableSetId));
  return (
    <Stack>
      <Panel title="Steps">
        <Loaded query={process} what="The steps">
          {({ Steps }) =>
            Steps.length === 0 ? (
              <Text size="sm" c="dimmed">
                It has no step.
              </Text>
            ) : (
              <List type="ordered" size="sm">
                {Steps.map((step) => (
                  <List.Item key={step.Id}>
                    {step.Name}
                    <Text span size="sm" c="dimmed">
                      {versionsOf(
                        snapshot,
                        step.Actions.map((one) => one.Name),
                      )}
                    </Text>
                  </List.Item>
                ))}
              </List>
            )
          }
        </Loaded>
      </Panel>
      <Panel title="Variables" flush>
        <Loaded query={variables} what="The variables">
          {(set) =>
            set.Variables.length === 0 ? (
              <Text size="sm" c="dimmed" p="md">
                The project had no variable of its own.
              </Text>
            ) : (
              <DataTable label="Variables" rows={set.Variables} columns={columnsOf(set)} keyOf={(one) => one.Id} />
            )
          }
        </Loaded>
      </Panel>
    </Stack>
  );
}

function versionsOf(snapshot: Snapshot, actions: readonly string[]): string {
  const packages = snapshot.SelectedPackages.filter((one) => actions.includes(one.ActionName));
  if (packages.length === 0) return "";
  const words = packages.map((one) =>
    one.PackageReferenceName ? `${one.PackageReferenceName} ${one.Version}` : one.Version,
  );
  return ` with ${words.join(", ")}`;
}

function columnsOf(set: Variables): Column<Variable>[] {
  return [
    { head: "Name", cell: (one) => one.Name },
    { head: "Value", cell: (one) => (one.IsSensitive ? "••••••" : (one.Value ?? "")) },
    { head: "Scope", wideOnly: true, dimmed: true, cell: (one) => scopeWords(one.Scope, set.ScopeValues).join(", ") },
  ];
}
