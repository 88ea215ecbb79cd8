import { Checkbox, SegmentedControl } from "@mantine/core";
import { languageOfSyntax } from "@/components/code/languages";
import { CodeArea } from "../form/code";
import { type ActionFormProps, setProperties } from "../form/context";
import { fieldsOf } from "../form/fields";
import { TextField } from "../form/text-field";
import type { Action } from "../model/document";
import { SCRIPT_BODY, SCRIPT_PARAMETERS, SCRIPT_SYNTAX, textIn, withText } from "../model/properties";

const SYNTAXES = [
  { value: "Bash", label: "Bash" },
  { value: "PowerShell", label: "PowerShell" },
  { value: "Python", label: "Python" },
  { value: "CSharp", label: "C#" },
  { value: "FSharp", label: "F#" },
];

const HINTS: Record<string, string> = {
  Bash: 'name=$(get_octopusvariable "Octopus.Environment.Name")\necho "Hello from $name"',
  PowerShell: 'Write-Host "Hello from $($OctopusParameters["Octopus.Environment.Name"])"',
  Python: 'print("Hello from " + get_octopusvariable("Octopus.Environment.Name"))',
  CSharp: 'Console.WriteLine("Hello from " + OctopusParameters["Octopus.Environment.Name"]);',
};

export function syntaxWord(action: Action): string {
  const syntax = syntaxOf(action);
  return SYNTAXES.find((one) => one.value === syntax)?.label ?? syntax;
}

function syntaxOf(action: Action): string {
  return textIn(action.Properties, SCRIPT_SYNTAX) || "Bash";
}

/** The property of the body in a language: a step may have several, and the machine runs the one that it can. */
function bodyName(action: Action, syntax: string): string {
  const own = `${SCRIPT_BODY}[${syntax}]`;
  return own in action.Properties && !(SCRIPT_BODY in action.Properties) ? own : SCRIPT_BODY;
}

/** The text of the script, in one language or, where a step has more than one, in each. */
export function ScriptBody({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  const syntax = syntaxOf(action);
  const name = bodyName(action, syntax);
  return (
    <>
      <CodeArea
        key={name}
        label="Script"
        language={languageOfSyntax(syntax)}
        placeholder={HINTS[syntax]}
        minHeight={220}
        {...fields.code(name)}
        aside={
          <SegmentedControl
            size="xs"
            aria-label="Language"
            data={SYNTAXES}
            value={syntax}
            onChange={(next) => setProperties(change, (old) => withText(old, SCRIPT_SYNTAX, next))}
          />
        }
      />
      <TextField fields={fields} name={SCRIPT_PARAMETERS} label="Arguments" placeholder="None" />
      <Checkbox
        label="Fail when the script writes to its error stream"
        {...fields.flag("Octopus.Action.FailScriptOnErrorOutput")}
      />
      {syntax === "PowerShell" && <Edition action={action} change={change} />}
    </>
  );
}

function Edition({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  return (
    <>
      <div>
        <SegmentedControl
          size="xs"
          aria-label="PowerShell edition"
          data={[
            { value: "Desktop", label: "Windows PowerShell" },
            { value: "Core", label: "PowerShell 7 and newer" },
          ]}
          {...fields.choice("Octopus.Action.PowerShell.Edition", "Desktop")}
        />
      </div>
      <Checkbox
        label="Without the user's profile"
        {...fields.flag("Octopus.Action.PowerShell.ExecuteWithoutProfile", true)}
      />
    </>
  );
}
