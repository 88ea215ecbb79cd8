import { ActionIcon, Button, Group, Text, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { SecretField } from "@/components/secret-field";
import type { Properties } from "../model/document";
import { secretIn, textIn } from "../model/properties";
import { type Change, setProperties, useEditing } from "./context";
import classes from "./form.module.css";
import { Section } from "./section";

interface Props<T> {
  document: T;
  change: Change<T>;
  title?: string;
  open?: boolean;
}

/** Every property by its name, as the API has it: also those that no form here knows. */
export function PropertiesSection<T extends { Properties: Properties }>({
  document,
  change,
  title = "All properties",
  open,
}: Props<T>) {
  const { readOnly } = useEditing();
  const names = Object.keys(document.Properties).sort((one, other) => one.localeCompare(other));
  const set = (name: string, text: string) =>
    setProperties(change, (old) => ({ ...old, [name]: text }), `property ${name}`);
  const remove = (name: string) => setProperties(change, ({ [name]: _gone, ...rest }) => rest);
  return (
    <Section title={title} summary={`${names.length}, by the names of the API`} open={open}>
      {names.length === 0 && (
        <Text size="sm" c="dimmed">
          There is none.
        </Text>
      )}
      {names.map((name) => (
        <Group key={name} gap={6} wrap="nowrap" align="flex-end">
          <div style={{ flex: 1, minWidth: 0 }}>
            {secretIn(document.Properties, name) ? (
              <SecretField
                label={name}
                value={secretIn(document.Properties, name)}
                onChange={(secret) =>
                  secret && setProperties(change, (old) => ({ ...old, [name]: secret }), `property ${name}`)
                }
              />
            ) : (
              <Textarea
                label={name}
                autosize
                minRows={1}
                maxRows={10}
                ff="monospace"
                value={textIn(document.Properties, name)}
                onChange={(event) => set(name, event.currentTarget.value)}
                styles={{ label: { overflowWrap: "anywhere" } }}
              />
            )}
          </div>
          {!readOnly && (
            <ActionIcon size={34} aria-label={`Remove ${name}`} onClick={() => remove(name)}>
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {!readOnly && <AddProperty taken={names} onAdd={(name) => set(name, "")} />}
    </Section>
  );
}

function AddProperty({ taken, onAdd }: { taken: readonly string[]; onAdd: (name: string) => void }) {
  const [name, setName] = useState("");
  const wanted = name.trim();
  const isTaken = taken.some((one) => one.toLowerCase() === wanted.toLowerCase());
  const add = () => {
    onAdd(wanted);
    setName("");
  };
  return (
    <div className={classes.pair}>
      <TextInput
        label="Another property"
        placeholder="Octopus.Action.Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={isTaken ? "The step has this property." : undefined}
        inputContainer={(input) => (
          <Group gap={6} wrap="nowrap">
            <div style={{ flex: 1 }}>{input}</div>
            <Button variant="default" leftSection={<IconPlus size={14} />} onClick={add} disabled={!wanted || isTaken}>
              Add
            </Button>
          </Group>
        )}
      />
    </div>
  );
}
