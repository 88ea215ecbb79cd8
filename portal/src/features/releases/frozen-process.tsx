import { Anchor, Badge, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconListNumbers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { EmptyState } from "@/components/empty-state";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { type Field, fieldsOf, type Step } from "./process-fields";
import { useRelease } from "./release-frame";
import classes from "./snapshot.module.css";
import { processByIdQuery } from "./snapshot-api";

/** The steps that a release deploys with, as they were when it was made. */
export function FrozenProcess() {
  const { space, release } = useRelease();
  const process = useQuery(processByIdQuery(space, release.ProjectDeploymentProcessSnapshotId));
  return (
    <Panel flush>
      <Loaded query={process} what="The process" rows={8}>
        {({ Steps }) =>
          Steps.length === 0 ? (
            <EmptyState icon={IconListNumbers} title="This release has no steps">
              The project had none when the release was made.
            </EmptyState>
          ) : (
            <ol className={classes.steps}>
              {Steps.map((step, index) => (
                <StepItem key={step.Id} step={step} number={index + 1} />
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}

function StepItem({ step, number }: { step: Step; number: number }) {
  const [isOpen, { toggle }] = useDisclosure(false);
  const fields = fieldsOf(step);
  const isOff = step.Actions.length > 0 && step.Actions.every((action) => action.IsDisabled);
  return (
    <li className={classes.step}>
      <Group gap="xs">
        <Text c="dimmed" className="numbers">
          {number}
        </Text>
        <Text fw={500}>{step.Name}</Text>
        {isOff && <Badge color="gray">Disabled</Badge>}
        <Anchor component="button" type="button" size="sm" onClick={toggle} aria-expanded={isOpen} ml="auto">
          {isOpen ? "Hide the settings" : "Show the settings"}
        </Anchor>
      </Group>
      {isOpen && <Fields fields={fields} />}
    </li>
  );
}

function Fields({ fields }: { fields: readonly Field[] }) {
  return (
    <dl className={classes.fields}>
      {fields.map((field) => (
        <div key={field.name} className={classes.field}>
          <dt>{field.name}</dt>
          <dd>
            <code className={classes.value}>{field.value}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
