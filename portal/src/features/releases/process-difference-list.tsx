import { Group, Text } from "@mantine/core";
import { TextDifference } from "@/components/text-difference";
import { ChangeMark } from "./change-mark";
import type { StepDifference } from "./process-difference";
import classes from "./snapshot.module.css";

/** Step by step, what differs between two processes. */
export function ProcessDifference({ differences }: { differences: readonly StepDifference[] }) {
  return (
    <ul className={classes.steps}>
      {differences.map((step) => (
        <li key={step.id} className={classes.step}>
          <Group gap="xs">
            <Text fw={500}>{step.name}</Text>
            <ChangeMark change={step.change} />
          </Group>
          {step.change !== "Removed" && step.fields.length > 0 && (
            <dl className={classes.fields}>
              {step.fields.map((field) => (
                <div key={field.name} className={classes.field}>
                  <dt>{field.name}</dt>
                  <dd>
                    <TextDifference before={field.before} after={field.after} />
                  </dd>
                </div>
              ))}
            </dl>
          )}
        </li>
      ))}
    </ul>
  );
}
