import { Fieldset, NumberInput, Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import type { Shape } from "@/api/client";
import { SecretField } from "@/components/secret-field";
import { type Field, valueAt } from "./setting-fields";
import type { Values } from "./settings-api";

interface Props {
  field: Field;
  path: readonly string[];
  values: Values;
  faultOf: (field: string) => string | undefined;
  onChange: (path: readonly string[], value: unknown) => void;
}

/** One setting, by its kind. An empty text or number is sent as nothing where nothing was before. */
export function SettingInput({ field, path, values, faultOf, onChange }: Props) {
  const value = valueAt(values, path);
  const shared = {
    label: field.label,
    description: field.description || undefined,
    error: faultOf(path.join(".")) ?? faultOf(field.name),
  };
  const change = (next: unknown) => onChange(path, next);
  switch (field.kind) {
    case "switch":
      return <Switch {...shared} checked={value === true} onChange={(event) => change(event.currentTarget.checked)} />;
    case "number":
      return (
        <NumberInput
          {...shared}
          value={typeof value === "number" ? value : ""}
          onChange={(next) => change(next === "" ? null : Number(next))}
          allowDecimal={false}
          w={{ base: "100%", xs: 260 }}
        />
      );
    case "choice":
      return (
        <Select
          {...shared}
          data={field.options}
          allowDeselect={false}
          value={typeof value === "string" ? value : null}
          onChange={change}
          w={{ base: "100%", xs: 260 }}
        />
      );
    case "lines":
      return (
        <Textarea
          {...shared}
          autosize
          minRows={2}
          value={((value as string[] | null) ?? []).join("\n")}
          onChange={(event) => change(linesOf(event.currentTarget.value))}
        />
      );
    case "secret":
      return <SecretField {...shared} value={value as Shape<"SensitiveValue"> | null} onChange={change} />;
    case "part":
      return (
        <Fieldset legend={field.label}>
          <Stack>
            {field.fields.map((inner) => (
              <SettingInput
                key={inner.name}
                field={inner}
                path={[...path, inner.name]}
                values={values}
                faultOf={faultOf}
                onChange={onChange}
              />
            ))}
          </Stack>
        </Fieldset>
      );
    default:
      return <TextSetting {...shared} isLong={field.kind === "long text"} value={value} onChange={change} />;
  }
}

/** While one types there may be an empty line. */
function linesOf(text: string): string[] {
  return text === "" ? [] : text.split("\n");
}

interface TextProps {
  label: string;
  description?: string;
  error?: string;
  isLong: boolean;
  value: unknown;
  onChange: (text: string) => void;
}

function TextSetting({ isLong, value, onChange, ...shared }: TextProps) {
  const text = typeof value === "string" ? value : "";
  if (!isLong) return <TextInput {...shared} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
  return (
    <Textarea
      {...shared}
      autosize
      minRows={3}
      maxRows={12}
      styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
