import { SegmentedControl, Text } from "@mantine/core";
import type { ActionFormProps } from "../form/context";
import { fieldsOf } from "../form/fields";
import classes from "../form/form.module.css";
import { PackageFields } from "../form/package-fields";
import { Section } from "../form/section";
import { TextField } from "../form/text-field";
import type { Action } from "../model/document";
import { newPackage, primaryOf, withPrimary } from "../model/packages";
import { SCRIPT_FILE, SCRIPT_PARAMETERS, SCRIPT_SOURCE, textIn } from "../model/properties";
import { ClusterFields } from "./cluster-fields";
import { GitFields } from "./git-fields";
import { ScriptBody, syntaxWord } from "./script-body";

const SOURCES = [
  { value: "Inline", label: "In the step" },
  { value: "Package", label: "In a package" },
  { value: "GitRepository", label: "In Git" },
];

type Source = "Inline" | "Package" | "GitRepository";

function sourceOf(action: Action): Source {
  const source = textIn(action.Properties, SCRIPT_SOURCE);
  return source === "Package" || source === "GitRepository" ? source : "Inline";
}

function summaryOf(action: Action): string {
  const file = textIn(action.Properties, SCRIPT_FILE);
  switch (sourceOf(action)) {
    case "Package":
      return `${file || "A file"} in the package ${primaryOf(action)?.PackageId ?? ""}`;
    case "GitRepository":
      return `${file || "A file"} in a Git repository`;
    default:
      return `${syntaxWord(action)}, in the step`;
  }
}

/** A script, and where it stands: in the step, in a package, or in a Git repository. */
export function ScriptForm({ action, change }: ActionFormProps) {
  const source = sourceOf(action);
  return (
    <>
      <Section title="Script" summary={summaryOf(action)} open>
        <div>
          <SegmentedControl
            aria-label="Where the script stands"
            data={SOURCES}
            value={source}
            onChange={(next) => change((old) => withSource(old, next as Source))}
          />
        </div>
        {source === "Inline" && <ScriptBody action={action} change={change} />}
        {source === "Package" && (
          <PackageFields
            value={primaryOf(action) ?? newPackage("")}
            onChange={(patch, joins) => change((old) => withPrimary(old, patch), joins)}
          />
        )}
        {source === "GitRepository" && <GitFields action={action} change={change} />}
        {source !== "Inline" && <ScriptFile action={action} change={change} />}
      </Section>
      {action.ActionType === "Octopus.KubernetesRunScript" && <ClusterFields action={action} change={change} />}
    </>
  );
}

/** The package belongs to the step only while its script is in it; the script in the step stays where it is. */
function withSource(action: Action, source: Source): Action {
  const next = source === "Package" ? withPrimary(action, {}) : withPrimary(action, null);
  const git = source === "GitRepository" ? next.GitDependencies : next.GitDependencies.filter((one) => one.Name);
  return { ...next, GitDependencies: git, Properties: { ...next.Properties, [SCRIPT_SOURCE]: source } };
}

function ScriptFile({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  return (
    <>
      <div className={classes.pair}>
        <TextField fields={fields} name={SCRIPT_FILE} label="Script file" placeholder="scripts/deploy.sh" />
        <TextField fields={fields} name={SCRIPT_PARAMETERS} label="Arguments" placeholder={'--mode "full"'} />
      </div>
      <Text size="xs" c="dimmed">
        The ending of the file says the language: .sh, .py, .ps1, .csx or .fsx.
      </Text>
    </>
  );
}
