import { Select, Textarea, TextInput } from "@mantine/core";
import { FormModal } from "@/components/form";
import { useForm } from "@/lib/use-form";
import { CONTROL, CONTROLS, controlOf, OPTIONS, type Parameter } from "./controls";
import { ParameterField } from "./parameter-field";

interface Props {
  space: string;
  parameter: Parameter;
  isNew: boolean;
  /** The names of the others: two of one name would be one variable. */
  taken: readonly string[];
  onDone: (parameter: Parameter) => void;
  onClose: () => void;
}

export function newParameter(): Parameter {
  return {
    Id: "",
    Name: "",
    Label: null,
    HelpText: null,
    DefaultValue: null,
    DisplaySettings: { [CONTROL]: "SingleLineText" },
    AllowClear: false,
  };
}

/** What is asked for, how, and what holds where nothing is given. */
export function ParameterDialog({ space, parameter, isNew, taken, onDone, onClose }: Props) {
  const form = useForm<Parameter>(parameter, null);
  const { value, set } = form;
  const control = controlOf(value).type;
  const isTaken = taken.some((name) => name.toLowerCase() === value.Name.trim().toLowerCase());
  const choose = (type: string) => {
    // A default of one kind means nothing to another.
    set({ DisplaySettings: { ...value.DisplaySettings, [CONTROL]: type }, DefaultValue: null });
  };
  return (
    <FormModal
      title={isNew ? "Add a template" : `Template ${parameter.Name}`}
      action="Take over"
      form={form}
      pending={false}
      barred={isTaken ? "Another template has this name." : null}
      onSubmit={() => onDone({ ...value, Name: value.Name.trim() })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="The variable by which scripts and files read the value."
        placeholder="Tenant.Domain"
        required
        withAsterisk={false}
        data-autofocus
        {...form.field("Name")}
        error={isTaken && "Another template has this name."}
      />
      <TextInput label="Label" placeholder="Domain" {...form.field("Label")} />
      <Textarea label="Help" autosize minRows={2} {...form.field("HelpText")} />
      <Select
        label="Control"
        data={CONTROLS.map(({ type, word }) => ({ value: type, label: word }))}
        value={control}
        allowDeselect={false}
        onChange={(type) => type && choose(type)}
      />
      {control === "Select" && (
        <Textarea
          label="Options"
          description="One on each line, as value|what is shown."
          autosize
          minRows={3}
          value={value.DisplaySettings[OPTIONS] ?? ""}
          onChange={(event) =>
            set({ DisplaySettings: { ...value.DisplaySettings, [OPTIONS]: event.currentTarget.value } })
          }
        />
      )}
      <ParameterField
        space={space}
        parameter={value}
        label="Default"
        description="Holds where no value is given."
        value={value.DefaultValue}
        onChange={(next) => set({ DefaultValue: next })}
      />
    </FormModal>
  );
}
