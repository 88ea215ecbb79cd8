import { List, Stack, Text, TextInput } from "@mantine/core";
import { IconTriangleFilled } from "@tabler/icons-react";
import { Prose } from "@/components/markdown";
import { Notice } from "@/components/notice";
import classes from "./form/form.module.css";
import { KindIcon } from "./kind-icon";
import { isParent, type Step } from "./model/document";
import { kindName } from "./model/kinds";
import type { Place } from "./model/places";

interface Props {
  step: Step;
  place: Place;
  faults: readonly string[];
  /** The names of all other steps and children. */
  taken: readonly string[];
  onRename: (name: string) => void;
}

/** What the step is called, what it is, and what the server said against it. */
export function StepHeader({ step, place, faults, taken, onRename }: Props) {
  const isGroup = place.child === null && isParent(step);
  const action = isGroup ? undefined : step.Actions[place.child ?? 0];
  const name = isGroup ? step.Name : (action?.Name ?? step.Name);
  const slug = isGroup ? step.Slug : action?.Slug;
  const isTwice = taken.some((one) => one.trim().toLowerCase() === name.trim().toLowerCase());
  const fault = name.trim() === "" ? "The step needs a name." : isTwice ? "Another step has this name." : undefined;
  return (
    <>
      <div className={classes.top}>
        <TextInput
          label={isGroup ? "Parent step" : kindName(action?.ActionType ?? "")}
          aria-label="Name of the step"
          leftSection={action && <KindIcon type={action.ActionType} />}
          description={slug ? `Files and links call it ${slug}, also when it is renamed.` : undefined}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={name}
          onChange={(event) => onRename(event.currentTarget.value)}
          error={fault}
          style={{ flex: 1 }}
          size="md"
        />
      </div>
      {(faults.length > 0 || action?.Notes) && (
        <Stack gap="sm" px={18} pb={16}>
          {faults.length > 0 && (
            <Notice alert tone="failed" icon={IconTriangleFilled} title="The server refused this step">
              <List size="sm">
                {faults.map((sentence) => (
                  <List.Item key={sentence}>{sentence}</List.Item>
                ))}
              </List>
            </Notice>
          )}
          {action?.Notes && (
            <Text size="sm" component="div" c="dimmed">
              <Prose text={action.Notes} />
            </Text>
          )}
        </Stack>
      )}
    </>
  );
}
