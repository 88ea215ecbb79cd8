import { Badge, Button, Checkbox, Group, List, Modal, Stack, Table, Text, Textarea } from "@mantine/core";
import { useMemo, useState } from "react";
import { Tags } from "@/components/tags";
import { marked } from "../grid/cells";
import { type Planned, planOf } from "../model/importing";
import { readPasted } from "../model/pasted";
import type { ScopeNames } from "../model/scope";
import { isSecret, type Variable } from "../model/variable";

interface Props {
  text: string;
  there: readonly Variable[];
  names: ScopeNames;
  onDone: (planned: Planned[]) => void;
  onClose: () => void;
}

const FORMATS = { json: "JSON", table: "a table", env: "lines of NAME=value" };
/** More lines are taken over, and not shown before that. */
const MOST = 200;

/** Variables from elsewhere: read from what was pasted, and shown before they are taken over. */
export function PasteDialog({ text: given, there, names, onDone, onClose }: Props) {
  const [text, setText] = useState(given);
  const [isSecretAll, setSecretAll] = useState(false);
  const pasted = useMemo(() => readPasted(text), [text]);
  const planned = useMemo(() => {
    const found = planOf(pasted.variables, there, names);
    return isSecretAll ? found.map(asSecret) : found;
  }, [pasted, there, names, isSecretAll]);
  const taken = planned.filter((one) => !one.isSame);
  const unknown = [...new Set(planned.flatMap((one) => one.unknown))];
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Paste variables</Text>} size="xl">
      <Stack>
        <Textarea
          label="What you have"
          description="Cells of a spreadsheet or CSV (name, value, scope), a .env file, or JSON."
          placeholder={"Database:Host,db.example.com,Production\nLOG_LEVEL=info"}
          autosize
          minRows={4}
          maxRows={10}
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.8125rem" } }}
        />
        {pasted.faults.length > 0 && (
          <List size="sm" c="var(--state-waiting)">
            {pasted.faults.slice(0, 5).map((fault) => (
              <List.Item key={fault}>{fault}</List.Item>
            ))}
          </List>
        )}
        {unknown.length > 0 && (
          <Text size="sm" c="var(--state-waiting)">
            Nothing here is called {unknown.map((word) => `“${word}”`).join(", ")}. Left out of the scopes, such a value
            would hold in more places than it should: mend the text first.
          </Text>
        )}
        {planned.length > 0 && (
          <>
            <Group justify="space-between">
              <Text size="sm" c="dimmed">
                Read as {FORMATS[pasted.format]}: {summary(planned)}.
              </Text>
              <Checkbox
                label="All are secrets"
                checked={isSecretAll}
                onChange={(event) => setSecretAll(event.currentTarget.checked)}
              />
            </Group>
            <Preview planned={planned.slice(0, MOST)} names={names} />
          </>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button disabled={taken.length === 0 || unknown.length > 0} onClick={() => onDone(taken)}>
            Take over {taken.length > 0 && taken.length}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function asSecret(planned: Planned): Planned {
  return { ...planned, isSame: false, variable: { ...planned.variable, Type: "Sensitive", IsSensitive: true } };
}

function summary(planned: readonly Planned[]): string {
  const same = planned.filter((one) => one.isSame).length;
  const replaced = planned.filter((one) => one.replaces && !one.isSame).length;
  const added = planned.length - same - replaced;
  const parts = [added && `${added} new`, replaced && `${replaced} replaced`, same && `${same} there already`];
  return parts.filter(Boolean).join(", ");
}

function Preview({ planned, names }: { planned: readonly Planned[]; names: ScopeNames }) {
  return (
    <div style={{ maxHeight: 300, overflow: "auto" }}>
      <Table aria-label="What will be taken over">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th>Scope</Table.Th>
            <Table.Th w={100}>What happens</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {planned.map(({ variable, replaces, isSame }) => (
            <Table.Tr key={variable.Id}>
              <Table.Td>{variable.Name}</Table.Td>
              <Table.Td maw={260} style={{ overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap" }}>
                {isSecret(variable) ? "••••••••" : marked(variable.Value ?? "")}
              </Table.Td>
              <Table.Td>
                <Tags words={names.chipsOf(variable.Scope).map((chip) => chip.word)} />
              </Table.Td>
              <Table.Td>
                <Badge color={isSame ? "gray" : "plum"}>{isSame ? "stays" : replaces ? "replaced" : "new"}</Badge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
