import { Checkbox, Fieldset, Input, PasswordInput, Select, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { CodeField } from "@/components/code/code-editor";
import type { KnownVariable } from "@/components/code/variables";
import { FormModal } from "@/components/form";
import { type Form, useForm } from "@/lib/use-form";
import { ValuePicker } from "../grid/cell-editor";
import { ScopeEditor } from "../grid/scope-editor";
import { type Dimension, type ScopeNames, scopeOf } from "../model/scope";
import {
  asType,
  isKeptByServer,
  isSecret,
  kindOfValue,
  TYPES,
  type Variable,
  type VariableType,
} from "../model/variable";
import { languageOf } from "./text-dialog";

interface Props {
  space: string;
  variable: Variable;
  names: ScopeNames;
  offered: readonly Dimension[];
  known: readonly KnownVariable[];
  /** Why it cannot be changed. */
  lock: string | null;
  onDone: (variable: Variable) => void;
  onClose: () => void;
}

/** All of a variable: what the grid has no room for, too. */
export function DetailsDialog({ space, variable, names, offered, known, lock, onDone, onClose }: Props) {
  const form = useForm<Variable>(variable, null);
  const { value, set } = form;
  return (
    <FormModal
      title={variable.Name ? `Variable ${variable.Name}` : "New variable"}
      action="Take over"
      form={form}
      pending={false}
      barred={lock}
      size="lg"
      onSubmit={() => onDone({ ...value, Name: value.Name.trim(), Description: value.Description || null })}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...form.field("Name")} />
      <Select
        label="Type"
        data={TYPES.map(({ type, word }) => ({ value: type, label: word }))}
        value={value.Type}
        allowDeselect={false}
        onChange={(type) => type && set(asType(value, type as VariableType))}
      />
      <ValueField space={space} form={form} known={known} />
      <Input.Wrapper
        label="Scope"
        description="Where the value holds. Without a scope it holds everywhere."
        labelElement="div"
      >
        <ScopeEditor
          label="Scope"
          names={names}
          offered={offered}
          value={names.chipsOf(value.Scope)}
          onChange={(chips) => set({ Scope: scopeOf(chips) })}
        />
      </Input.Wrapper>
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
      <PromptFields form={form} />
    </FormModal>
  );
}

function ValueField({ space, form, known }: { space: string; form: Form<Variable>; known: readonly KnownVariable[] }) {
  const { value, set } = form;
  if (isSecret(value)) {
    return (
      <PasswordInput
        label="Value"
        description="It is never shown again; leave it empty to keep the one that is there."
        placeholder={isKeptByServer(value) ? "Is set; type to replace it" : undefined}
        autoComplete="new-password"
        value={value.Value ?? ""}
        onChange={(event) => set({ Value: event.currentTarget.value })}
      />
    );
  }
  if (kindOfValue(value.Type)) {
    return <ValuePicker space={space} variable={value} label="Value" onChange={(id) => set({ Value: id })} />;
  }
  return (
    <CodeField
      label="Value"
      value={value.Value ?? ""}
      onChange={(text) => set({ Value: text })}
      language={languageOf(value.Value ?? "")}
      variables={known}
      minHeight={60}
      maxHeight={260}
    />
  );
}

const CONTROLS = [
  { value: "SingleLineText", label: "One line of text" },
  { value: "MultiLineText", label: "Several lines of text" },
  { value: "Checkbox", label: "A box to tick (True or False)" },
  { value: "Select", label: "A choice of options" },
  { value: "Sensitive", label: "A secret" },
];
const CONTROL = "Octopus.ControlType";
const OPTIONS = "Octopus.SelectOptions";

function PromptFields({ form: { value, set } }: { form: Form<Variable> }) {
  const prompt = value.Prompt;
  const settings = prompt?.DisplaySettings ?? {};
  const isAsked = prompt !== null;
  const change = (patch: Partial<NonNullable<Variable["Prompt"]>>) =>
    prompt && set({ Prompt: { ...prompt, ...patch } });
  return (
    <Stack gap="sm">
      <Switch
        label="Ask for the value when deploying"
        checked={isAsked}
        onChange={(event) => set({ Prompt: event.currentTarget.checked ? NEW_PROMPT : null })}
      />
      {prompt && (
        <Fieldset variant="filled" legend="How it is asked for">
          <Stack gap="sm">
            <TextInput
              label="Label"
              placeholder={value.Name}
              value={prompt.Label ?? ""}
              onChange={(event) => change({ Label: event.currentTarget.value })}
            />
            <Textarea
              label="Help"
              autosize
              value={prompt.Description ?? ""}
              onChange={(event) => change({ Description: event.currentTarget.value })}
            />
            <Select
              label="Control"
              data={CONTROLS}
              allowDeselect={false}
              value={settings[CONTROL] ?? (isSecret(value) ? "Sensitive" : "SingleLineText")}
              onChange={(control) => control && change({ DisplaySettings: { ...settings, [CONTROL]: control } })}
            />
            {settings[CONTROL] === "Select" && (
              <Textarea
                label="Options"
                description="One on each line, as value|what is shown."
                autosize
                minRows={3}
                value={settings[OPTIONS] ?? ""}
                onChange={(event) => change({ DisplaySettings: { ...settings, [OPTIONS]: event.currentTarget.value } })}
              />
            )}
            <Checkbox
              label="A value must be given"
              checked={prompt.Required}
              onChange={(event) => change({ Required: event.currentTarget.checked })}
            />
          </Stack>
        </Fieldset>
      )}
    </Stack>
  );
}

const NEW_PROMPT = {
  Label: null,
  Description: null,
  Required: false,
  DisplaySettings: { [CONTROL]: "SingleLineText" },
};
