import type { ComponentType } from "react";
import { memo } from "react";
import { EmailForm } from "../kinds/email-form";
import { HealthForm } from "../kinds/health-form";
import { ManualForm } from "../kinds/manual-form";
import { PackageForm } from "../kinds/package-form";
import { ReleaseForm } from "../kinds/release-form";
import { ScriptForm } from "../kinds/script-form";
import { TemplateForm } from "../kinds/template-form";
import { UnknownKind } from "../kinds/unknown-kind";
import type { Action, Step } from "../model/document";
import type { Namings } from "../model/marks";
import { ROLES, STEP_CONDITION, TEMPLATE_ID, textIn, WINDOW } from "../model/properties";
import { ConditionsSection, StepCondition } from "./conditions-section";
import { ContainerSection } from "./container-section";
import type { ActionFormProps, Change } from "./context";
import { LimitsSection } from "./limits-section";
import { NotesSection } from "./notes-section";
import { OrderSection } from "./order-section";
import { PropertiesSection } from "./properties-section";
import { ReferencesSection } from "./references-section";
import { RollingSection } from "./rolling-section";
import { Section } from "./section";
import { TargetTags } from "./target-tags";
import { WhereSection } from "./where-section";

const FORMS: Record<string, ComponentType<ActionFormProps>> = {
  "Octopus.Script": ScriptForm,
  "Octopus.KubernetesRunScript": ScriptForm,
  "Octopus.TentaclePackage": PackageForm,
  "Octopus.Manual": ManualForm,
  "Octopus.Email": EmailForm,
  "Octopus.HealthCheck": HealthForm,
  "Octopus.DeployRelease": ReleaseForm,
};

const WITH_REFERENCES = new Set(["Octopus.Script", "Octopus.KubernetesRunScript"]);

/** What an action does: the form of its kind, or the parameters of its template. */
export function KindForm({ action, change }: ActionFormProps) {
  const Form = textIn(action.Properties, TEMPLATE_ID) ? TemplateForm : (FORMS[action.ActionType] ?? UnknownKind);
  return <Form action={action} change={change} />;
}

interface Props {
  step: Step;
  /** The place of the child among its siblings; null for a step of its own. */
  child: number | null;
  isFirst: boolean;
  naming: Namings;
  change: Change<Action>;
  changeStep: Change<Step>;
}

/** All that one action and its step say, in sections. Only the step that is looked at has its form drawn. */
export const ActionSections = memo(function ActionSections({
  step,
  child,
  isFirst,
  naming,
  change,
  changeStep,
}: Props) {
  const action = step.Actions[child ?? 0];
  if (!action) return null;
  const isChild = child !== null;
  const shared = { step, action, change, changeStep, isChild };
  const isScript = WITH_REFERENCES.has(action.ActionType) && !textIn(action.Properties, TEMPLATE_ID);
  return (
    <>
      <KindForm action={action} change={change} />
      <WhereSection {...shared} />
      {!isChild && <RollingSection step={step} changeStep={changeStep} />}
      {isScript && <ReferencesSection action={action} change={change} />}
      <ConditionsSection {...shared} naming={naming} />
      <OrderSection {...shared} isFirst={isFirst} />
      <LimitsSection action={action} change={change} />
      <ContainerSection action={action} change={change} />
      <NotesSection action={action} change={change} />
      <PropertiesSection document={action} change={change} />
      {!isChild && hasMore(step) && (
        <PropertiesSection document={step} change={changeStep} title="Properties of the step" />
      )}
    </>
  );
});

/** What a step with children says about all of them. */
export const ParentSections = memo(function ParentSections({
  step,
  isFirst,
  changeStep,
}: Omit<Props, "child" | "naming" | "change">) {
  const tags = textIn(step.Properties, ROLES);
  return (
    <>
      <Section title="Where it runs" summary={tags ? `On ${tags}` : "Once, without targets"} open>
        <TargetTags step={step} changeStep={changeStep} isNeeded={false} />
      </Section>
      <RollingSection step={step} changeStep={changeStep} />
      <Section title="Conditions" summary={step.Condition}>
        <StepCondition step={step} changeStep={changeStep} />
      </Section>
      <OrderSection step={step} changeStep={changeStep} isFirst={isFirst} isChild={false} />
      <PropertiesSection document={step} change={changeStep} title="Properties of the step" />
    </>
  );
});

const KNOWN = new Set([ROLES, WINDOW, STEP_CONDITION]);

function hasMore(step: Step): boolean {
  return Object.keys(step.Properties).some((name) => !KNOWN.has(name));
}
