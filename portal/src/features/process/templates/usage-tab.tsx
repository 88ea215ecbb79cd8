import { Badge, Group, Text } from "@mantine/core";
import { IconPuzzle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { notifyDone, notifyError } from "@/lib/notify";
import type { Template } from "../api";
import { type UpdateResult, type Usage, usageQuery, useUpdateSteps } from "../api-templates";
import type { PropertyValue } from "../model/document";
import { UpdateResults } from "./update-results";

/** The steps that were made from the template, and the way to take them to its newest version. */
export function UsageTab({ space, template }: { space: string; template: Template }) {
  const usage = useQuery(usageQuery(space, template.Id));
  const updating = useUpdateSteps(space, template.Id);
  const [results, setResults] = useState<UpdateResult[]>([]);
  const update = async (chosen: Usage[], more: Decisions = {}) => {
    try {
      const answered = await updating.mutateAsync({ Version: template.Version, ...byProcess(chosen), ...more });
      const undecided = answered.filter((one) => one.Outcome !== "Success");
      const ids = new Set(chosen.map((one) => one.ActionId));
      setResults((old) => [...old.filter((one) => !ids.has(one.Id)), ...undecided]);
      const done = answered.length - undecided.length;
      if (done > 0) notifyDone(`${done === 1 ? "1 step is" : `${done} steps are`} at version ${template.Version} now.`);
    } catch (error) {
      notifyError("The steps could not be updated", error);
    }
  };
  return (
    <Loaded query={usage} what="The use of the step template">
      {(found) => {
        const old = found.filter((one) => isOld(one, template) && !one.Branch && !one.Release);
        return (
          <>
            <UpdateResults
              results={results}
              usages={found}
              template={template}
              pending={updating.isPending}
              onUpdate={(one, decisions) => void update([one], decisions)}
            />
            <Panel
              flush
              title="Where it is used"
              aside={
                old.length > 0 && (
                  <ActionButton
                    size="xs"
                    need={{ permission: "ProcessEdit", space }}
                    loading={updating.isPending}
                    onClick={() => void update(old)}
                  >
                    Take {old.length === 1 ? "1 step" : `${old.length} steps`} to version {template.Version}
                  </ActionButton>
                )
              }
            >
              {found.length === 0 ? (
                <EmptyState icon={IconPuzzle} title="No step uses it">
                  It is offered under Step templates when a step is added to a process.
                </EmptyState>
              ) : (
                <DataTable
                  label="Steps made from the template"
                  rows={found}
                  columns={columnsOf(space, template)}
                  keyOf={(one) => `${one.ProcessId} ${one.ActionId} ${one.Branch} ${one.Release}`}
                  minWidth={520}
                />
              )}
            </Panel>
          </>
        );
      }}
    </Loaded>
  );
}

/** What a person decided where the server could not. */
export interface Decisions {
  DefaultPropertyValues?: Record<string, PropertyValue>;
  Overrides?: Record<string, PropertyValue>;
}

function isOld(usage: Usage, template: Template): boolean {
  return Number(usage.Version) < template.Version;
}

function byProcess(chosen: readonly Usage[]) {
  const ids = [...new Set(chosen.map((one) => one.ProcessId))];
  const ActionsToUpdate = ids.map((id) => {
    const own = chosen.filter((one) => one.ProcessId === id);
    return {
      ProcessId: id,
      ProcessType: own[0]?.ProcessType ?? "Deployment",
      ActionIds: own.map((one) => one.ActionId),
      GitRef: null,
    };
  });
  return { ActionsToUpdate };
}

function columnsOf(space: string, template: Template): Column<Usage>[] {
  return [
    { head: "Step", cell: (one) => <StepCell space={space} usage={one} /> },
    {
      head: "Project",
      width: 240,
      cell: (one) => (
        <TextLink to="/app/$space/projects/$project" params={{ space, project: one.ProjectSlug }} size="sm">
          {one.ProjectName}
        </TextLink>
      ),
    },
    {
      head: "Version",
      width: 150,
      cell: (one) => (
        <Group gap={6}>
          <span className="numbers">{one.Version}</span>
          {isOld(one, template) && <Badge color="yellow">Older</Badge>}
        </Group>
      ),
    },
  ];
}

function StepCell({ space, usage }: { space: string; usage: Usage }) {
  const { ProcessType, ProjectSlug, ActionId, ActionName, RunbookName, Branch, Release } = usage;
  const place = [
    RunbookName && `Runbook ${RunbookName}`,
    Branch && `Branch ${Branch}`,
    Release && `Release ${Release}`,
  ];
  const words = place.filter(Boolean).join(", ");
  if (ProcessType === "Runbook") return <NameCell name={ActionName}>{words}</NameCell>;
  return (
    <NameCell
      name={
        <TextLink
          to="/app/$space/projects/$project/process"
          params={{ space, project: ProjectSlug }}
          search={{ step: ActionId, branch: Branch ?? undefined }}
        >
          {ActionName}
        </TextLink>
      }
    >
      {words && <Text component="span">{words}</Text>}
    </NameCell>
  );
}
