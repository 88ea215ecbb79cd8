import { Radio, Stack } from "@mantine/core";
import type { ActionFormProps } from "../form/context";
import { fieldsOf } from "../form/fields";
import { Section } from "../form/section";

const HEALTH = "Octopus.Action.HealthCheck.";

const TYPE = [
  { value: "FullHealthCheck", label: "The whole health check of their policy" },
  { value: "ConnectionTest", label: "Only whether they answer" },
];
const FAILURE = [
  { value: "TreatExceptionsAsErrors", label: "The step fails" },
  { value: "TreatExceptionsAsWarnings", label: "It is left out from here on, with a warning" },
];
const NEWCOMERS = [
  { value: "DoNotAlterMachines", label: "Stay out" },
  { value: "IncludeCheckedMachines", label: "Take part from here on, if they are well" },
];

/** Checks targets in the middle of a deployment, and decides who takes part from there on. */
export function HealthForm({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  const questions = [
    { name: "Type", label: "What is checked", choices: TYPE },
    { name: "ErrorHandling", label: "When a target cannot be used", choices: FAILURE },
    {
      name: "IncludeMachinesInDeployment",
      label: "Targets that have come since the deployment began",
      choices: NEWCOMERS,
    },
  ];
  const summary = questions
    .map(({ name, choices }) => choices.find((one) => one.value === (fields.value(HEALTH + name) || choices[0]?.value)))
    .map((one) => one?.label)
    .join(" · ");
  return (
    <Section title="Health check" summary={summary} open>
      {questions.map(({ name, label, choices }) => (
        <Radio.Group key={name} label={label} {...fields.choice(HEALTH + name, choices[0]?.value)}>
          <Stack gap={8} mt={6}>
            {choices.map((one) => (
              <Radio key={one.value} {...one} />
            ))}
          </Stack>
        </Radio.Group>
      ))}
    </Section>
  );
}
