import { MultiSelect, Radio, Select, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { channelsQuery, environmentsQuery, type Project } from "@/api/reference";
import { tagSetsQuery } from "@/api/tag-sets";
import type { Action, Step } from "../model/document";
import { expressionFaults } from "../model/expressions";
import { few, type Namings } from "../model/marks";
import { ACTION_CONDITION, STEP_CONDITION, textIn, withText } from "../model/properties";
import { type ActionFormProps, type Change, setProperties, useEditing } from "./context";
import { InsertVariable } from "./insert-variable";
import { Section } from "./section";

const RUNS: Record<Step["Condition"], string> = {
  Success: "While all went well",
  Failure: "Only after a failure",
  Always: "Always",
  Variable: "When a condition holds",
};

interface Props extends ActionFormProps {
  step: Step;
  changeStep: Change<Step>;
  isChild: boolean;
  naming: Namings;
}

/** When a step takes part: after what, and for which environments, channels and tenants. */
export function ConditionsSection({ step, action, change, changeStep, isChild, naming }: Props) {
  const condition = isChild ? action.Condition : step.Condition;
  const scopes = scopeWords(action, naming);
  return (
    <Section title="Conditions" summary={[RUNS[condition], ...scopes].join(" · ")}>
      {isChild ? (
        <RunCondition
          value={action.Condition}
          isChild
          expression={textIn(action.Properties, ACTION_CONDITION)}
          onChange={(next) => change((old) => ({ ...old, Condition: next as Action["Condition"] }))}
          onExpression={(text) => setProperties(change, (old) => withText(old, ACTION_CONDITION, text), "condition")}
        />
      ) : (
        <StepCondition step={step} changeStep={changeStep} />
      )}
      <Scopes action={action} change={change} />
    </Section>
  );
}

function scopeWords(action: Action, naming: Namings): string[] {
  return [
    action.Environments.length > 0 && `only in ${few(action.Environments.map(naming.environment))}`,
    action.ExcludedEnvironments.length > 0 && `not in ${few(action.ExcludedEnvironments.map(naming.environment))}`,
    action.Channels.length > 0 && `channel ${few(action.Channels.map(naming.channel))}`,
    action.TenantTags.length > 0 && `tenants ${few(action.TenantTags)}`,
  ].filter((words) => words !== false);
}

/** The condition of a whole step, also of one with children. */
export function StepCondition({ step, changeStep }: { step: Step; changeStep: Change<Step> }) {
  return (
    <RunCondition
      value={step.Condition}
      expression={textIn(step.Properties, STEP_CONDITION)}
      onChange={(next) => changeStep((old) => ({ ...old, Condition: next as Step["Condition"] }))}
      onExpression={(text) => setProperties(changeStep, (old) => withText(old, STEP_CONDITION, text), "condition")}
    />
  );
}

interface RunProps {
  value: Step["Condition"];
  isChild?: boolean;
  expression: string;
  onChange: (value: string) => void;
  onExpression: (text: string) => void;
}

function RunCondition({ value, isChild, expression, onChange, onExpression }: RunProps) {
  const fault =
    expression === "" ? "Write the condition; without it the step does not run." : expressionFaults(expression)[0];
  return (
    <>
      <Radio.Group label="Runs" value={value} onChange={onChange}>
        <Stack gap={8} mt={6}>
          <Radio
            value="Success"
            label={isChild ? "While the children before it went well" : "While all steps before it went well"}
          />
          {!isChild && <Radio value="Failure" label="Only after a step before it failed" />}
          {!isChild && <Radio value="Always" label="Always, whatever happened before" />}
          <Radio value="Variable" label="When a condition of variables holds" />
        </Stack>
      </Radio.Group>
      {value === "Variable" && (
        <Textarea
          label="Condition"
          description={<ConditionHelp isChild={isChild} />}
          placeholder={'#{if Octopus.Environment.Name == "Production"}True#{/if}'}
          autosize
          minRows={1}
          ff="monospace"
          value={expression}
          onChange={(event) => onExpression(event.currentTarget.value)}
          error={fault}
          rightSection={<InsertVariable onInsert={(text) => onExpression(expression + text)} />}
        />
      )}
    </>
  );
}

function ConditionHelp({ isChild }: { isChild?: boolean }) {
  return (
    <Text component="span" size="xs">
      It is filled in just before the step. True, or any text but False, No, 0 and nothing, means that it runs
      {isChild ? " on this target" : ", also after a failure"}. Compare with{" "}
      <code>{'#{if Colour == "blue"}True#{/if}'}</code>, turn around with <code>{"#{unless Skip}True#{/unless}"}</code>
      {!isChild && (
        <>
          , leave failures out with <code>{"#{unless Octopus.Deployment.Error}True#{/unless}"}</code>
        </>
      )}
      .
    </Text>
  );
}

type ScopeMode = "all" | "only" | "except";

function Scopes({ action, change }: ActionFormProps) {
  const { project, isRunbook } = useEditing();
  return (
    <>
      <Environments action={action} change={change} />
      {project && !isRunbook && <Channels project={project} action={action} change={change} />}
      <TenantTags action={action} change={change} />
    </>
  );
}

function Environments({ action, change }: ActionFormProps) {
  const { space } = useEditing();
  const { data = [] } = useQuery(environmentsQuery(space));
  const mode: ScopeMode =
    action.Environments.length > 0 ? "only" : action.ExcludedEnvironments.length > 0 ? "except" : "all";
  const options = data.map((one) => ({ value: one.Id, label: one.Name }));
  return (
    <>
      <MultiSelect
        label="Only in these environments"
        placeholder={mode === "all" ? "In all environments" : undefined}
        data={options}
        value={action.Environments}
        onChange={(ids) => change((old) => ({ ...old, Environments: ids }))}
        searchable
        clearable
      />
      <MultiSelect
        label="Not in these environments"
        placeholder={action.ExcludedEnvironments.length === 0 ? "None is left out" : undefined}
        data={options}
        value={action.ExcludedEnvironments}
        onChange={(ids) => change((old) => ({ ...old, ExcludedEnvironments: ids }))}
        searchable
        clearable
      />
    </>
  );
}

function Channels({ project, action, change }: ActionFormProps & { project: Project }) {
  const { space } = useEditing();
  const { data = [] } = useQuery(channelsQuery(space, project.Id));
  if (data.length < 2 && action.Channels.length === 0) return null;
  return (
    <MultiSelect
      label="Only for releases of these channels"
      placeholder={action.Channels.length === 0 ? "Of all channels" : undefined}
      data={data.map((one) => ({ value: one.Id, label: one.Name }))}
      value={action.Channels}
      onChange={(ids) => change((old) => ({ ...old, Channels: ids }))}
      searchable
      clearable
    />
  );
}

function TenantTags({ action, change }: ActionFormProps) {
  const { space } = useEditing();
  const { data = [] } = useQuery(tagSetsQuery(space));
  const groups = data
    .filter((set) => set.Scopes.includes("Tenant"))
    .map((set) => ({
      group: set.Name,
      items: set.Tags.map((tag) => ({ value: tag.CanonicalTagName, label: tag.CanonicalTagName })),
    }))
    .filter((set) => set.items.length > 0);
  if (groups.length === 0 && action.TenantTags.length === 0) return null;
  return (
    <MultiSelect
      label="Only for tenants with these tags"
      description="A tenant needs one tag of each set that is named here."
      placeholder={action.TenantTags.length === 0 ? "For all tenants" : undefined}
      data={groups}
      value={action.TenantTags}
      onChange={(tags) => change((old) => ({ ...old, TenantTags: tags }))}
      searchable
      clearable
    />
  );
}

/** Whether a step waits for the one before it. */
export function StartTrigger({ step, changeStep }: { step: Step; changeStep: Change<Step> }) {
  return (
    <Select
      label="Start"
      allowDeselect={false}
      data={[
        { value: "StartAfterPrevious", label: "After the step before it has ended" },
        { value: "StartWithPrevious", label: "Together with the step before it" },
      ]}
      value={step.StartTrigger}
      onChange={(value) =>
        changeStep((old) => ({ ...old, StartTrigger: (value ?? "StartAfterPrevious") as Step["StartTrigger"] }))
      }
    />
  );
}
