import { Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import type { ThingKind } from "@/api/things";
import { Picker } from "@/components/picker";
import { SecretField } from "@/components/secret-field";
import type { Parameter } from "../api";
import type { PropertyValue, Secret } from "../model/document";
import { Bindable } from "./bindable";
import { useEditing } from "./context";
import { useInsert } from "./insert-variable";

interface Props {
  parameter: Parameter;
  value: PropertyValue | undefined;
  onText: (text: string) => void;
  onSecret: (secret: Secret) => void;
}

const PICKERS: Record<string, { kind: ThingKind; filters?: Record<string, string> }> = {
  AzureAccount: { kind: "accounts", filters: { accountType: "AzureServicePrincipal" } },
  AmazonWebServicesAccount: { kind: "accounts", filters: { accountType: "AmazonWebServicesAccount" } },
  GoogleCloudAccount: { kind: "accounts", filters: { accountType: "GoogleCloudAccount" } },
  UsernamePasswordAccount: { kind: "accounts", filters: { accountType: "UsernamePassword" } },
  GenericOidcAccount: { kind: "accounts", filters: { accountType: "GenericOidcAccount" } },
  Certificate: { kind: "certificates" },
  WorkerPool: { kind: "workerpools" },
  Feed: { kind: "feeds" },
  Project: { kind: "projects" },
  Environment: { kind: "environments" },
  Channel: { kind: "channels" },
  Tenant: { kind: "tenants" },
};

const NONE: Secret = { HasValue: false, NewValue: null, Hint: null };

export function controlOf(parameter: Parameter): string {
  return parameter.DisplaySettings["Octopus.ControlType"] ?? "SingleLineText";
}

/** The choices of a parameter: lines of the form `value|What it is called`. */
export function optionsOf(parameter: Parameter): { value: string; label: string }[] {
  const seen = new Set<string>();
  return (parameter.DisplaySettings["Octopus.SelectOptions"] ?? "")
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [value = "", ...label] = line.split("|");
      return { value: value.trim(), label: label.join("|").trim() || value.trim() };
    })
    .filter(({ value }) => !seen.has(value) && seen.add(value));
}

/** The input of a parameter, as its template asks for it. */
export function ParameterField({ parameter, value, onText, onSecret }: Props) {
  const { space, readOnly } = useEditing();
  const control = controlOf(parameter);
  const text = typeof value === "string" ? value : "";
  const insert = useInsert(text, onText);
  const label = parameter.Label || parameter.Name;
  const shared = { label, description: parameter.HelpText || undefined };
  const asText = { value: text, onChange: (event: Typed) => onText(event.currentTarget.value) };
  if (control === "Sensitive" || typeof value === "object") {
    const secret = typeof value === "object" ? value : null;
    return <SecretField {...shared} value={secret} onChange={(next) => onSecret(next ?? NONE)} />;
  }
  if (control === "MultiLineText") {
    return <Textarea {...shared} autosize minRows={2} maxRows={14} {...asText} rightSection={insert} />;
  }
  if (control === "Checkbox") {
    return (
      <Bindable {...shared} value={text} onChange={onText} readOnly={readOnly}>
        <Checkbox
          {...shared}
          checked={text.toLowerCase() === "true"}
          onChange={(event) => onText(event.currentTarget.checked ? "True" : "False")}
        />
      </Bindable>
    );
  }
  const picker = PICKERS[control];
  if (control !== "Select" && !picker) return <TextInput {...shared} {...asText} rightSection={insert} />;
  return (
    <Bindable {...shared} value={text} onChange={onText} readOnly={readOnly}>
      {picker ? (
        <Picker {...shared} {...picker} space={space} value={text || null} onChange={(id) => onText(id ?? "")} />
      ) : (
        <Select
          {...shared}
          data={optionsOf(parameter)}
          value={text || null}
          onChange={(choice) => onText(choice ?? "")}
          clearable
        />
      )}
    </Bindable>
  );
}

interface Typed {
  currentTarget: { value: string };
}
