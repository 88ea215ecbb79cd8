import { Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Picker } from "@/components/picker";
import { optionsOf } from "@/components/prompts";
import { SecretField } from "@/components/secret-field";
import { controlOf, OPTIONS, type Parameter, type ParameterValue } from "./controls";

interface Props {
  space: string;
  parameter: Parameter;
  label: string;
  description?: ReactNode;
  value: ParameterValue;
  /** Stands there while nothing is given: the default. */
  placeholder?: string;
  error?: string;
  disabled?: boolean;
  onChange: (value: ParameterValue) => void;
}

/** A field for the value of a parameter, as its control says. */
export function ParameterField({ space, parameter, value, onChange, ...rest }: Props) {
  const control = controlOf(parameter);
  const text = typeof value === "string" ? value : "";
  const typed = { ...rest, value: text, onChange: (event: Typed) => onChange(event.currentTarget.value) };
  if (control.kind) {
    return (
      <Picker
        {...rest}
        kind={control.kind}
        space={space}
        filters={control.filters}
        value={text || null}
        onChange={(id) => onChange(id ?? "")}
      />
    );
  }
  switch (control.type) {
    case "Sensitive":
      return (
        <SecretField
          label={rest.label}
          description={rest.description}
          error={rest.error}
          value={typeof value === "string" ? null : value}
          onChange={onChange}
        />
      );
    case "Checkbox":
      return (
        <Checkbox
          label={rest.label}
          description={rest.description}
          disabled={rest.disabled}
          checked={text.toLowerCase() === "true"}
          onChange={(event) => onChange(event.currentTarget.checked ? "True" : "False")}
        />
      );
    case "Select":
      return (
        <Select
          {...rest}
          clearable
          data={optionsOf(parameter.DisplaySettings[OPTIONS] ?? "")}
          value={text || null}
          onChange={(next) => onChange(next ?? "")}
        />
      );
    case "MultiLineText":
      return <Textarea {...typed} autosize minRows={2} maxRows={12} />;
    default:
      return <TextInput {...typed} />;
  }
}

interface Typed {
  currentTarget: { value: string };
}
