import { Checkbox, SegmentedControl, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Language } from "@/components/code/languages";
import { CodeArea } from "../form/code";
import type { ActionFormProps } from "../form/context";
import { fieldsOf } from "../form/fields";
import { Section } from "../form/section";
import { TextField } from "../form/text-field";
import type { Action } from "../model/document";
import { flagIn, hasFeature, textIn } from "../model/properties";
import { Feature } from "./feature";

const FOLDER = "Octopus.Action.Package.CustomInstallationDirectory";
const PURGE = "Octopus.Action.Package.CustomInstallationDirectoryShouldBePurgedBeforeDeployment";
const KEEP = "Octopus.Action.Package.CustomInstallationDirectoryPurgeExclusions";
const CUSTOM_FOLDER = "Octopus.Features.CustomDirectory";
const CUSTOM_SCRIPTS = "Octopus.Features.CustomScripts";

/** Where a package is put in the end. */
export function InstallSection({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  const isOn = hasFeature(action.Properties, CUSTOM_FOLDER);
  return (
    <Section
      title="Folder"
      summary={isOn ? textIn(action.Properties, FOLDER) || "None is named yet" : "A new folder for each version"}
    >
      <Feature
        action={action}
        change={change}
        feature={CUSTOM_FOLDER}
        label="Copy it to a folder of your choice"
        description="After its files are filled in. What is there is overwritten, and retention never cleans it up."
      >
        <TextField fields={fields} name={FOLDER} label="Folder" placeholder="/srv/shop" />
        <Checkbox label="Empty the folder before" {...fields.flag(PURGE)} />
        {flagIn(action.Properties, PURGE) && (
          <Textarea
            label="Keep when emptying"
            description="Patterns, one on each line."
            autosize
            minRows={2}
            placeholder={"uploads/**\n*.log"}
            {...fields.text(KEEP)}
          />
        )}
      </Feature>
    </Section>
  );
}

const STAGES = [
  { value: "PreDeploy", label: "Before" },
  { value: "Deploy", label: "In the middle" },
  { value: "PostDeploy", label: "After" },
];
const LANGUAGES: { value: string; label: string; language: Language }[] = [
  { value: "sh", label: "Bash", language: "bash" },
  { value: "ps1", label: "PowerShell", language: "powershell" },
  { value: "py", label: "Python", language: "python" },
  { value: "csx", label: "C#", language: "csharp" },
];

const nameOf = (stage: string, language: string) => `Octopus.Action.CustomScripts.${stage}.${language}`;

function written(action: Action): string[] {
  return STAGES.filter(({ value }) =>
    LANGUAGES.some((one) => textIn(action.Properties, nameOf(value, one.value)) !== ""),
  ).map(({ label }) => label.toLowerCase());
}

/** Scripts of the step at fixed points of the deployment of its package. */
export function CustomScripts({ action, change }: ActionFormProps) {
  const isOn = hasFeature(action.Properties, CUSTOM_SCRIPTS);
  const stages = written(action);
  return (
    <Section title="Custom scripts" summary={isOn && stages.length > 0 ? stages.join(", ") : "None"}>
      <Feature
        action={action}
        change={change}
        feature={CUSTOM_SCRIPTS}
        label="Run scripts of the step"
        description="Before the files are filled in, then, and when the package is in its place."
      >
        <Stages action={action} change={change} />
      </Feature>
    </Section>
  );
}

function Stages({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  const used = STAGES.flatMap((stage) => LANGUAGES.map((one) => [stage.value, one.value] as const)).find(
    ([stage, one]) => textIn(action.Properties, nameOf(stage, one)) !== "",
  );
  const [stage, setStage] = useState<string>(used?.[0] ?? "Deploy");
  const [language, setLanguage] = useState<string>(used?.[1] ?? "sh");
  const name = nameOf(stage, language);
  return (
    <>
      <div>
        <SegmentedControl size="xs" aria-label="When the script runs" data={STAGES} value={stage} onChange={setStage} />
      </div>
      <CodeArea
        key={name}
        label="Script"
        language={LANGUAGES.find((one) => one.value === language)?.language}
        {...fields.code(name)}
        aside={
          <SegmentedControl
            size="xs"
            aria-label="Language"
            data={LANGUAGES.map(({ value, label }) => ({ value, label }))}
            value={language}
            onChange={setLanguage}
          />
        }
      />
    </>
  );
}
