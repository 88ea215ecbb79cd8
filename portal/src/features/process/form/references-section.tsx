import { ActionIcon, Button, Checkbox, Group, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { freeName, type Package } from "../model/document";
import { newPackage, referencesOf, withoutReference, withReference } from "../model/packages";
import { type ActionFormProps, useEditing } from "./context";
import classes from "./form.module.css";
import { PackageFields } from "./package-fields";
import { Section } from "./section";

/** Packages that a script works with besides its own. */
export function ReferencesSection({ action, change }: ActionFormProps) {
  const { readOnly } = useEditing();
  const references = referencesOf(action);
  const add = () =>
    change((old) => {
      const names = old.Packages.map((one) => one.Name ?? "");
      return { ...old, Packages: [...old.Packages, newPackage(freeName("package", names))] };
    });
  const summary = references.map((one) => one.Name).join(", ");
  return (
    <Section title="Referenced packages" summary={summary || "None"}>
      <Text size="sm" c="dimmed">
        Each lies beside the script under its name, unpacked or as it is; a release chooses its version.
      </Text>
      {references.map((one) => (
        <Reference key={one.Id} value={one} action={action} change={change} />
      ))}
      {!readOnly && (
        <Group>
          <Button variant="default" size="xs" leftSection={<IconPlus size={14} />} onClick={add}>
            Add a package
          </Button>
        </Group>
      )}
    </Section>
  );
}

function Reference({ value, action, change }: ActionFormProps & { value: Package }) {
  const { readOnly } = useEditing();
  const patch = (next: Partial<Package>, joins?: string) =>
    change((old) => withReference(old, value.Id, (one) => ({ ...one, ...next })), joins && `${value.Id} ${joins}`);
  const isTwice = action.Packages.filter((one) => one.Name?.toLowerCase() === value.Name?.toLowerCase()).length > 1;
  const isExtracted = (value.Properties.Extract ?? "").toLowerCase() === "true";
  return (
    <div className={classes.group}>
      <Group gap={6} align="flex-end" wrap="nowrap">
        <TextInput
          label="Name"
          style={{ flex: 1 }}
          value={value.Name ?? ""}
          onChange={(event) => patch({ Name: event.currentTarget.value }, "name")}
          error={isTwice ? "Two packages of the step have this name." : undefined}
        />
        {!readOnly && (
          <ActionIcon
            size={34}
            aria-label={`Remove the package ${value.Name}`}
            onClick={() => change((old) => withoutReference(old, value.Id))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </Group>
      <PackageFields value={value} onChange={patch} />
      <Checkbox
        label="Unpack it"
        checked={isExtracted}
        onChange={(event) =>
          patch({ Properties: { ...value.Properties, Extract: event.currentTarget.checked ? "True" : "False" } })
        }
      />
    </div>
  );
}
