import { ActionIcon, Group, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { DataTable, NameCell } from "@/components/data-table";
import { Panel } from "@/components/page";
import { ActionButton, type Need, useMay } from "@/components/permitted";
import { controlOf, type Parameter, wordsOf } from "./controls";
import { newParameter, ParameterDialog } from "./parameter-dialog";

interface Props {
  title: string;
  space: string;
  need: Need;
  parameters: readonly Parameter[];
  onChange: (parameters: Parameter[]) => void;
  /** What to do first, where there is none. */
  empty: ReactNode;
}

/** The templates of a project or a library set, or the parameters of a step template: in their order, to be edited. */
export function ParameterList({ title, space, need, parameters, onChange, empty }: Props) {
  const [edited, setEdited] = useState<number | null>(null);
  const may = useMay(need);
  const isNew = edited === parameters.length;
  const move = (from: number, to: number) => {
    const next = [...parameters];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  const rows = parameters.map((parameter, index) => ({ parameter, index }));
  const add = (
    <ActionButton
      size="compact-sm"
      variant="default"
      need={need}
      leftSection={<IconPlus size={14} />}
      onClick={() => setEdited(parameters.length)}
    >
      Add a template
    </ActionButton>
  );
  return (
    <Panel title={title} aside={add} flush>
      {parameters.length === 0 ? (
        <Text size="sm" c="dimmed" p="lg" component="div">
          {empty}
        </Text>
      ) : (
        <DataTable
          label={title}
          rows={rows}
          keyOf={({ parameter, index }) => parameter.Id || `${index}/${parameter.Name}`}
          columns={[
            {
              head: "Template",
              cell: ({ parameter }) => (
                <NameCell name={parameter.Label || parameter.Name}>
                  {parameter.Label && parameter.Label !== parameter.Name ? `${parameter.Name} ` : ""}
                  {parameter.HelpText}
                </NameCell>
              ),
            },
            { head: "Control", width: 190, wideOnly: true, cell: ({ parameter }) => controlOf(parameter).word },
            {
              head: "Default",
              width: 200,
              dimmed: true,
              cell: ({ parameter }) => wordsOf(parameter.DefaultValue) || "none",
            },
            {
              head: "Actions",
              spoken: true,
              width: 150,
              cell: ({ parameter, index }) =>
                may && (
                  <Group gap={2} wrap="nowrap" justify="flex-end">
                    <ActionIcon
                      aria-label={`Move ${parameter.Name} up`}
                      disabled={index === 0}
                      onClick={() => move(index, index - 1)}
                    >
                      <IconArrowUp size={16} />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={`Move ${parameter.Name} down`}
                      disabled={index === parameters.length - 1}
                      onClick={() => move(index, index + 1)}
                    >
                      <IconArrowDown size={16} />
                    </ActionIcon>
                    <ActionIcon aria-label={`Edit ${parameter.Name}`} onClick={() => setEdited(index)}>
                      <IconPencil size={16} />
                    </ActionIcon>
                    <ActionIcon
                      aria-label={`Delete ${parameter.Name}`}
                      onClick={() => onChange(parameters.filter((_one, at) => at !== index))}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Group>
                ),
            },
          ]}
        />
      )}
      {edited !== null && (
        <ParameterDialog
          space={space}
          parameter={parameters[edited] ?? newParameter()}
          isNew={isNew}
          taken={parameters.filter((_one, at) => at !== edited).map((one) => one.Name)}
          onDone={(next) => {
            onChange(isNew ? [...parameters, next] : parameters.map((one, at) => (at === edited ? next : one)));
            setEdited(null);
          }}
          onClose={() => setEdited(null)}
        />
      )}
    </Panel>
  );
}
