import { Badge, Code, Collapse, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronRight, IconListDetails } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEnvironmentNames } from "@/api/reference";
import { EmptyState } from "@/components/empty-state";
import { Loaded } from "@/components/loaded";
import { Prose } from "@/components/markdown";
import { Panel } from "@/components/page";
import { Tags } from "@/components/tags";
import { type Action, processQuery, propertyOf, type Step, typeOf } from "./api";
import classes from "./process-tab.module.css";
import { useProject } from "./project-frame";

export function ProcessTab() {
  const { space, project } = useProject();
  const process = useQuery(processQuery(space, project.Id));
  return (
    <Loaded query={process} what="The process">
      {({ Steps }) =>
        Steps.length === 0 ? (
          <Panel>
            <EmptyState icon={IconListDetails} title="No step yet">
              The process says how this project is deployed, step by step. Until the editor is here, clients and the API
              write it:{" "}
              <code>
                PUT /api/{space}/projects/{project.Slug}/deploymentprocesses
              </code>
            </EmptyState>
          </Panel>
        ) : (
          <ol className={classes.steps}>
            {Steps.map((step, index) => (
              <StepRow key={step.Id} step={step} number={index + 1} space={space} />
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

const CONDITIONS: Record<string, string> = {
  Failure: "Only when a step before it failed",
  Always: "Runs always",
  Variable: "Only when a condition holds",
};

function StepRow({ step, number, space }: { step: Step; number: number; space: string }) {
  const tags = propertyOf(step.Properties, "Octopus.Action.TargetRoles")?.split(",") ?? [];
  const window = propertyOf(step.Properties, "Octopus.Action.MaxParallelism");
  return (
    <li className={classes.step} data-parallel={step.StartTrigger === "StartWithPrevious" || undefined}>
      <span className={classes.number}>{number}</span>
      <div className={classes.body}>
        {step.Actions.length > 1 && <Text fw={600}>{step.Name}</Text>}
        <Stack gap="sm">
          {step.Actions.map((action) => (
            <ActionRow key={action.Id} action={action} space={space} />
          ))}
        </Stack>
      </div>
      <Group gap={6} className={classes.marks}>
        {CONDITIONS[step.Condition] && <Badge color="yellow">{CONDITIONS[step.Condition]}</Badge>}
        {step.StartTrigger === "StartWithPrevious" && <Badge>Beside the step before</Badge>}
        {window && <Badge color="gray">{window} at a time</Badge>}
        {tags.length > 0 ? <Tags words={tags} /> : <Badge color="gray">Once, on the server</Badge>}
      </Group>
    </li>
  );
}

function ActionRow({ action, space }: { action: Action; space: string }) {
  const [open, { toggle }] = useDisclosure(false);
  const nameOf = useEnvironmentNames(space);
  const script = propertyOf(action.Properties, "Octopus.Action.Script.ScriptBody");
  const instructions = propertyOf(action.Properties, "Octopus.Action.Manual.Instructions");
  const hasMore = Boolean(script ?? instructions ?? action.Notes);
  return (
    <div>
      <UnstyledButton className={classes.action} onClick={toggle} aria-expanded={hasMore ? open : undefined}>
        <Group gap="xs">
          {hasMore && <IconChevronRight size={14} className={classes.chevron} data-open={open} aria-hidden />}
          <Text fw={600}>{action.Name}</Text>
          <Text size="sm" c="dimmed">
            {typeOf(action)}
          </Text>
          {action.IsDisabled && <Badge color="gray">Disabled</Badge>}
          {action.IsRequired && <Badge color="gray">Cannot be skipped</Badge>}
        </Group>
      </UnstyledButton>
      <Group gap="xs" mt={2}>
        {action.Packages.map((one) => (
          <Text key={one.Name + one.PackageId} size="sm" c="dimmed">
            Package {one.PackageId}
          </Text>
        ))}
        {action.Environments.length > 0 && (
          <Text size="sm" c="dimmed">
            Only in {action.Environments.map(nameOf).join(", ")}
          </Text>
        )}
        {action.ExcludedEnvironments.length > 0 && (
          <Text size="sm" c="dimmed">
            Not in {action.ExcludedEnvironments.map(nameOf).join(", ")}
          </Text>
        )}
      </Group>
      <Collapse expanded={open}>
        <Stack gap="xs" mt="xs">
          {action.Notes && <Prose text={action.Notes} />}
          {instructions && <Prose text={instructions} />}
          {script && (
            <Code block className={classes.script}>
              {script}
            </Code>
          )}
        </Stack>
      </Collapse>
    </div>
  );
}
