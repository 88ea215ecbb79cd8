import { Checkbox, Group, Text } from "@mantine/core";
import type { Shape } from "@/api/client";
import { Panel } from "./page";
import classes from "./preview-panel.module.css";
import { Tags } from "./tags";

type PreviewStep = Shape<"DeploymentTemplateStep">;

interface Props {
  steps: PreviewStep[];
  skipped: readonly string[];
  onSkipped: (ids: readonly string[]) => void;
}

/** What will happen: each step with the targets that it runs on, and why it may run on none. */
export function PreviewPanel({ steps, skipped, onSkipped }: Props) {
  const toggle = (id: string) =>
    onSkipped(skipped.includes(id) ? skipped.filter((one) => one !== id) : [...skipped, id]);
  return (
    <Panel title="What will happen" flush>
      {steps.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          The process has no step for this environment.
        </Text>
      ) : (
        <ol className={classes.steps}>
          {steps.map((step) => (
            <li key={step.ActionId} className={classes.step} data-off={isOff(step, skipped) || undefined}>
              <span className={classes.number}>{step.ActionNumber}</span>
              <div className={classes.words}>
                <Text fw={500} td={skipped.includes(step.ActionId) ? "line-through" : undefined}>
                  {step.ActionName}
                </Text>
                <Where step={step} />
              </div>
              {step.CanBeSkipped && !step.IsDisabled && !step.SkipReason && (
                <Checkbox
                  size="xs"
                  label="Skip"
                  checked={skipped.includes(step.ActionId)}
                  onChange={() => toggle(step.ActionId)}
                  aria-label={`Skip ${step.ActionName}`}
                />
              )}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function isOff(step: PreviewStep, skipped: readonly string[]): boolean {
  return step.IsDisabled || step.SkipReason !== null || skipped.includes(step.ActionId);
}

function Where({ step }: { step: PreviewStep }) {
  if (step.IsDisabled) return <Quiet>Disabled</Quiet>;
  if (step.SkipReason) return <Quiet>{step.SkipReason}</Quiet>;
  if (step.RunsOnServer) return <Quiet>Once, on the server</Quiet>;
  return (
    <>
      {step.MachineNames.length > 0 ? (
        <Group gap={6}>
          <Tags words={step.MachineNames} color="plum" />
        </Group>
      ) : (
        <Text size="sm" className={classes.warning}>
          No target here has the tag {step.Roles.join(" or ")}: the step will do nothing.
        </Text>
      )}
      {step.UnavailableMachines.length > 0 && (
        <Text size="sm" className={classes.warning}>
          Not available: {step.UnavailableMachines.map((one) => one.Name).join(", ")}
        </Text>
      )}
    </>
  );
}

function Quiet({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
