import { Textarea, TextInput } from "@mantine/core";
import { useMemo } from "react";
import type { Template } from "../api";
import type { Change } from "../form/context";
import classes from "../form/form.module.css";
import { PropertiesSection } from "../form/properties-section";
import { ReferencesSection } from "../form/references-section";
import { Section } from "../form/section";
import { KindForm } from "../form/step-form";
import type { Action } from "../model/document";
import { newAction } from "../model/kinds";
import own from "./template-screen.module.css";

/** What of a step a template holds. */
const HELD = ["Packages", "GitDependencies", "Properties", "Inputs", "StepPackageVersion"] as const;

/** What the template is called, and what its steps do: the form that a step of the kind has. */
export function StepTab({ template, change }: { template: Template; change: Change<Template> }) {
  const action = useMemo(() => asAction(template), [template]);
  const changeAction: Change<Action> = (next, joins) =>
    change((old) => {
      const { Packages, GitDependencies, Properties, Inputs, StepPackageVersion } = next(asAction(old));
      return { ...old, Packages, GitDependencies, Properties, Inputs, StepPackageVersion };
    }, joins);
  return (
    <section className={own.panel} aria-label="The step">
      <Section title="Name and description" summary={template.Name} open>
        <TextInput
          label="Name"
          value={template.Name}
          error={template.Name.trim() === "" ? "It needs a name." : undefined}
          onChange={(event) => {
            const { value } = event.currentTarget;
            change((old) => ({ ...old, Name: value }), "name");
          }}
        />
        <Textarea
          label="Description"
          description="Shown to those who choose a step."
          autosize
          minRows={2}
          value={template.Description}
          onChange={(event) => {
            const { value } = event.currentTarget;
            change((old) => ({ ...old, Description: value }), "description");
          }}
        />
      </Section>
      <KindForm action={action} change={changeAction} />
      <ReferencesSection action={action} change={changeAction} />
      <PropertiesSection document={action} change={changeAction} />
      <div className={classes.section} />
    </section>
  );
}

function asAction(template: Template): Action {
  const held = Object.fromEntries(HELD.map((name) => [name, template[name]]));
  return { ...newAction(template.ActionType, template.Name, []), ...held, Id: template.Id };
}
