import { Checkbox, PasswordInput, Select, Stack, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Shape } from "@/api/client";
import { Panel } from "./page";

type Form = Shape<"Form">;
type Element = Form["Elements"][number];
export type Values = Record<string, string>;

/** What the form holds to begin with. */
export function valuesOf(form: Form | null): Values {
  if (!form) return {};
  return Object.fromEntries(form.Elements.map((element) => [element.Name, form.Values[element.Name] ?? ""]));
}

interface Props {
  form: Form;
  values: Values;
  onValues: (values: Values) => void;
}

/** The variables that are asked for when something is deployed or run. */
export function Prompts({ form, values, onValues }: Props) {
  if (form.Elements.length === 0) return null;
  return (
    <Panel title="Values that are asked for">
      <Stack maw={520}>
        {form.Elements.map((element) => (
          <Prompt
            key={element.Name}
            element={element}
            value={values[element.Name] ?? ""}
            onValue={(value) => onValues({ ...values, [element.Name]: value })}
          />
        ))}
      </Stack>
    </Panel>
  );
}

interface PromptProps {
  element: Element;
  value: string;
  onValue: (value: string) => void;
}

/** `value|shown` on each line, as the variable's author wrote it. */
export function optionsOf(text: string): { value: string; label: string }[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [value = "", ...label] = line.split("|");
      return { value: value.trim(), label: (label.join("|") || value).trim() };
    });
}

function Prompt({ element, value, onValue }: PromptProps): ReactNode {
  const control = element.Control;
  const settings = control.DisplaySettings ?? {};
  const shared = {
    label: control.Label || control.Name || element.Name,
    description: control.Description ?? undefined,
    required: element.IsValueRequired,
  };
  const typed = {
    ...shared,
    value,
    onChange: (event: { currentTarget: { value: string } }) => onValue(event.currentTarget.value),
  };
  switch (settings["Octopus.ControlType"]) {
    case "Checkbox":
      return (
        <Checkbox
          label={shared.label}
          description={shared.description}
          checked={value.toLowerCase() === "true"}
          onChange={(event) => onValue(event.currentTarget.checked ? "True" : "False")}
        />
      );
    case "Select": {
      const data = optionsOf(settings["Octopus.SelectOptions"] ?? "");
      return <Select {...shared} data={data} value={value || null} onChange={(next) => onValue(next ?? "")} />;
    }
    case "MultiLineText":
      return <Textarea {...typed} autosize minRows={3} />;
    case "Sensitive":
      return <PasswordInput {...typed} autoComplete="off" />;
    default:
      return <TextInput {...typed} />;
  }
}
