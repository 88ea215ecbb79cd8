import { Button, Group, List, Stack, Text } from "@mantine/core";
import { IconHelpHexagon } from "@tabler/icons-react";
import { useState } from "react";
import { Notice } from "@/components/notice";
import type { Template } from "../api";
import type { UpdateResult, Usage } from "../api-templates";
import { ParameterField } from "../form/parameter-field";
import type { PropertyValue } from "../model/document";
import type { Decisions } from "./usage-tab";

interface Props {
  results: readonly UpdateResult[];
  usages: readonly Usage[];
  template: Template;
  pending: boolean;
  onUpdate: (usage: Usage, decisions: Decisions) => void;
}

/** The steps that stayed as they are, since a person has to decide something: why, and how. */
export function UpdateResults({ results, usages, ...rest }: Props) {
  const open = results.flatMap((result) => {
    const usage = usages.find((one) => one.ActionId === result.Id);
    return usage ? [{ result, usage }] : [];
  });
  if (open.length === 0) return null;
  return (
    <Stack gap="sm" mb="md">
      {open.map(({ result, usage }) => (
        <Undecided key={result.Id} result={result} usage={usage} {...rest} />
      ))}
    </Stack>
  );
}

interface UndecidedProps extends Omit<Props, "results" | "usages"> {
  result: UpdateResult;
  usage: Usage;
}

function Undecided({ result, usage, template, pending, onUpdate }: UndecidedProps) {
  const title = `${usage.ActionName} in ${usage.ProjectName} stayed at version ${usage.Version}`;
  return (
    <Notice tone="waiting" icon={IconHelpHexagon} title={title}>
      {result.Outcome === "ManualMergeRequired" && (
        <Merge result={result} template={template} pending={pending} onUpdate={(more) => onUpdate(usage, more)} />
      )}
      {result.Outcome === "DefaultParamterValueMissing" && (
        <MissingValues
          result={result}
          template={template}
          pending={pending}
          onUpdate={(more) => onUpdate(usage, more)}
        />
      )}
      {result.Outcome === "RemovedPackageInUse" && (
        <List size="sm">
          {result.RemovedPackageUsages.map((one) => (
            <List.Item key={`${one.UsedById} ${one.PackageReference}`}>
              The template has no package {one.PackageReference} any more, which {one.UsedByName} uses. Change that
              first.
            </List.Item>
          ))}
        </List>
      )}
    </Notice>
  );
}

type DecideProps = Omit<UndecidedProps, "usage" | "onUpdate"> & { onUpdate: (decisions: Decisions) => void };

function Merge({ result, template, pending, onUpdate }: DecideProps) {
  const names = Object.keys(result.ManualMergeRequiredReasonsByPropertyName);
  const take = () => {
    const values = names.map((name) => [name, template.Properties[name] ?? ""] as const);
    onUpdate({ Overrides: Object.fromEntries(values) });
  };
  return (
    <>
      <Text size="sm">
        The step and the template have both changed {names.join(", ")}. Take the template's, or open the step and bring
        both together there.
      </Text>
      <Group mt="xs">
        <Button size="xs" variant="default" loading={pending} onClick={take}>
          Take the template's
        </Button>
      </Group>
    </>
  );
}

function MissingValues({ result, template, pending, onUpdate }: DecideProps) {
  const [values, setValues] = useState<Record<string, PropertyValue>>({});
  const names = result.NamesOfNewParametersMissingDefaultValue;
  const set = (name: string, value: PropertyValue) => setValues((old) => ({ ...old, [name]: value }));
  const isReady = names.every((name) => values[name] !== undefined && values[name] !== "");
  return (
    <Stack gap="xs">
      <Text size="sm">The newer version asks for more:</Text>
      {template.Parameters.filter((one) => names.includes(one.Name)).map((one) => (
        <ParameterField
          key={one.Id}
          parameter={one}
          value={values[one.Name]}
          onText={(text) => set(one.Name, text)}
          onSecret={(secret) => set(one.Name, secret)}
        />
      ))}
      <Group>
        <Button
          size="xs"
          disabled={!isReady}
          loading={pending}
          onClick={() => onUpdate({ DefaultPropertyValues: values })}
        >
          Update with these
        </Button>
      </Group>
    </Stack>
  );
}
