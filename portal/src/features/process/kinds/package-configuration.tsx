import { Checkbox, Textarea } from "@mantine/core";
import type { ActionFormProps } from "../form/context";
import { type Fields, fieldsOf } from "../form/fields";
import { Section } from "../form/section";
import { TextField } from "../form/text-field";
import type { Action } from "../model/document";
import { hasFeature } from "../model/properties";
import { Feature } from "./feature";

const PACKAGE = "Octopus.Action.Package.";
const SUBSTITUTE = "Octopus.Features.SubstituteInFiles";
const STRUCTURED = "Octopus.Features.JsonConfigurationVariables";
const TRANSFORMS = "Octopus.Features.ConfigurationTransforms";
const NET_VARIABLES = "Octopus.Features.ConfigurationVariables";

function summaryOf({ Properties }: Action): string {
  const on = [
    hasFeature(Properties, SUBSTITUTE) && "variables in files",
    hasFeature(Properties, STRUCTURED) && "structured files",
    hasFeature(Properties, TRANSFORMS) && ".NET transforms",
    hasFeature(Properties, NET_VARIABLES) && ".NET settings",
  ].filter(Boolean);
  return on.length > 0 ? on.join(", ") : "Files are left as they are";
}

/** How the files of a package are filled in before it is started. Scripts in packages may use the first two, too. */
export function ConfigurationSection({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  return (
    <Section title="Configuration of files" summary={summaryOf(action)}>
      <Feature
        action={action}
        change={change}
        feature={SUBSTITUTE}
        label="Fill in variables in files"
        description="Every #{…} in the files is replaced."
        flags={["Octopus.Action.SubstituteInFiles.Enabled"]}
      >
        <Lines
          fields={fields}
          name="Octopus.Action.SubstituteInFiles.TargetFiles"
          label="Files"
          placeholder={"config/*.conf\nweb/env.js"}
        />
        <TextField
          fields={fields}
          name="Octopus.Action.SubstituteInFiles.OutputEncoding"
          label="Encoding"
          placeholder="As the file has it"
        />
      </Feature>
      <Feature
        action={action}
        change={change}
        feature={STRUCTURED}
        label="Replace values in JSON, YAML, XML and properties files"
        description="A variable such as Logging:Level replaces the value at that path."
        flags={[`${PACKAGE}JsonConfigurationVariablesEnabled`]}
      >
        <Lines
          fields={fields}
          name={`${PACKAGE}JsonConfigurationVariablesTargets`}
          label="Files"
          placeholder={"appsettings.json\nconfig/**/*.yaml"}
        />
      </Feature>
      <DotNet action={action} change={change} fields={fields} />
    </Section>
  );
}

function DotNet({ action, change, fields }: ActionFormProps & { fields: Fields }) {
  return (
    <>
      <Feature
        action={action}
        change={change}
        feature={NET_VARIABLES}
        label="Replace .NET settings"
        description="appSettings, connectionStrings and applicationSettings with the names of variables."
        flags={[`${PACKAGE}AutomaticallyUpdateAppSettingsAndConnectionStrings`]}
      />
      <Feature
        action={action}
        change={change}
        feature={TRANSFORMS}
        label="Apply .NET configuration transforms"
        description="Release.config, and the one named like the environment."
        flags={[`${PACKAGE}AutomaticallyRunConfigurationTransformationFiles`]}
      >
        <Lines
          fields={fields}
          name={`${PACKAGE}AdditionalXmlConfigurationTransforms`}
          label="More transforms"
          placeholder="Web.Extra.config => Web.config"
        />
        <Checkbox
          label="Warnings of transforms are errors"
          {...fields.flag(`${PACKAGE}TreatConfigTransformationWarningsAsErrors`, true)}
        />
      </Feature>
    </>
  );
}

/** A pattern or rule on each line. */
function Lines({ fields, name, ...rest }: { fields: Fields; name: string; label: string; placeholder: string }) {
  return (
    <Textarea {...rest} description="One on each line." autosize minRows={2} ff="monospace" {...fields.text(name)} />
  );
}
