import { ActionIcon, Button, Group, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { Panel } from "@/components/page";
import type { Parameter } from "../api";
import { useEditing } from "../form/context";
import classes from "../form/form.module.css";
import { controlOf, ParameterField } from "../form/parameter-field";
import { freeName, newId } from "../model/document";

const CONTROL = "Octopus.ControlType";
const OPTIONS = "Octopus.SelectOptions";

const CONTROLS = [
  { value: "SingleLineText", label: "Text, one line" },
  { value: "MultiLineText", label: "Text, several lines" },
  { value: "Select", label: "Choice from a list" },
  { value: "Checkbox", label: "Yes or no" },
  { value: "Sensitive", label: "Secret" },
  { value: "StepName", label: "Name of an earlier step" },
  { value: "UsernamePasswordAccount", label: "Account with a password" },
  { value: "AmazonWebServicesAccount", label: "AWS account" },
  { value: "AzureAccount", label: "Azure account" },
  { value: "GoogleCloudAccount", label: "Google Cloud account" },
  { value: "GenericOidcAccount", label: "OpenID Connect account" },
  { value: "Certificate", label: "Certificate" },
  { value: "WorkerPool", label: "Worker pool" },
];

interface Props {
  parameters: readonly Parameter[];
  onChange: (parameters: Parameter[], joins?: string) => void;
}

/** What whoever uses the template is asked for; scripts read the answers as variables of these names. */
export function ParametersTab({ parameters, onChange }: Props) {
  const { readOnly } = useEditing();
  const add = () => onChange([...parameters, newParameter(parameters.map((one) => one.Name))]);
  const move = (from: number, to: number) => {
    const next = [...parameters];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  return (
    <Stack gap="md" align="stretch">
      {parameters.length === 0 && (
        <Text size="sm" c="dimmed">
          It asks for nothing yet. A parameter is a value that each step that is made from the template has of its own;
          the script reads it as a variable, such as <code>{"#{Channel}"}</code>.
        </Text>
      )}
      {parameters.map((one, index) => (
        <Panel
          key={one.Id}
          title={one.Label || one.Name || "A parameter"}
          aside={
            !readOnly && (
              <Group gap={4}>
                <ActionIcon
                  aria-label={`Move ${one.Name} up`}
                  disabled={index === 0}
                  onClick={() => move(index, index - 1)}
                >
                  <IconArrowUp size={16} />
                </ActionIcon>
                <ActionIcon
                  aria-label={`Move ${one.Name} down`}
                  disabled={index === parameters.length - 1}
                  onClick={() => move(index, index + 1)}
                >
                  <IconArrowDown size={16} />
                </ActionIcon>
                <ActionIcon
                  aria-label={`Remove ${one.Name}`}
                  onClick={() => onChange(parameters.filter((other) => other !== one))}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Group>
            )
          }
        >
          <ParameterForm
            value={one}
            onChange={(next, joins) =>
              onChange(
                parameters.map((other) => (other === one ? next : other)),
                joins && `${one.Id} ${joins}`,
              )
            }
          />
        </Panel>
      ))}
      {!readOnly && (
        <Group>
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
            Add a parameter
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function newParameter(taken: readonly string[]): Parameter {
  return {
    Id: newId(),
    Name: freeName("Parameter", taken),
    Label: "",
    HelpText: "",
    DefaultValue: "",
    DisplaySettings: { [CONTROL]: "SingleLineText" },
    AllowClear: false,
  };
}

function ParameterForm({ value, onChange }: { value: Parameter; onChange: (next: Parameter, joins?: string) => void }) {
  const control = controlOf(value);
  const known = CONTROLS.some((one) => one.value === control)
    ? CONTROLS
    : [...CONTROLS, { value: control, label: control }];
  const settings = (name: string, text: string) => ({ ...value.DisplaySettings, [name]: text });
  const setControl = (next: string | null) =>
    onChange({ ...value, DisplaySettings: settings(CONTROL, next ?? "SingleLineText"), DefaultValue: "" });
  return (
    <div className={classes.fields}>
      <div className={classes.pair}>
        <TextInput
          label="Name of the variable"
          value={value.Name}
          error={value.Name.trim() === "" ? "It needs a name." : undefined}
          onChange={(event) => onChange({ ...value, Name: event.currentTarget.value }, "name")}
        />
        <TextInput
          label="Label"
          placeholder={value.Name}
          value={value.Label ?? ""}
          onChange={(event) => onChange({ ...value, Label: event.currentTarget.value }, "label")}
        />
      </div>
      <Textarea
        label="Help"
        autosize
        minRows={1}
        value={value.HelpText ?? ""}
        onChange={(event) => onChange({ ...value, HelpText: event.currentTarget.value }, "help")}
      />
      <Select label="What is entered" allowDeselect={false} data={known} value={control} onChange={setControl} />
      {control === "Select" && (
        <Textarea
          label="Choices"
          description="One on each line, as value|What it is called."
          autosize
          minRows={3}
          ff="monospace"
          value={value.DisplaySettings[OPTIONS] ?? ""}
          onChange={(event) =>
            onChange({ ...value, DisplaySettings: settings(OPTIONS, event.currentTarget.value) }, "options")
          }
        />
      )}
      <ParameterField
        parameter={{ ...value, Label: "Value when nothing is entered", HelpText: "" }}
        value={value.DefaultValue ?? ""}
        onText={(text) => onChange({ ...value, DefaultValue: text }, "default")}
        onSecret={(secret) => onChange({ ...value, DefaultValue: secret }, "default")}
      />
    </div>
  );
}
