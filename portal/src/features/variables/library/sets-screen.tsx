import { Group, Text, Textarea, TextInput } from "@mantine/core";
import { IconCode, IconPlus, IconVariable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Ago } from "@/components/time";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import type { LibrarySet } from "../api";
import { type ContentType, librarySetPageQuery, useAddLibrarySet } from "./api";

/** What differs between the two kinds of sets in the library. */
interface Kind {
  type: ContentType;
  title: string;
  description: string;
  add: string;
  what: string;
  icon: typeof IconVariable;
  none: string;
  first: string;
  to: "/app/$space/library/variable-sets/$set" | "/app/$space/library/script-modules/$set";
  placeholder: string;
}

const SETS: Kind = {
  type: "Variables",
  title: "Variable sets",
  description: "Variables that several projects share.",
  add: "Add a variable set",
  what: "The variable sets",
  icon: IconVariable,
  none: "No variable set yet",
  first:
    "What several projects need, such as the address of a mail server, is kept once here; each project includes the sets that it wants.",
  to: "/app/$space/library/variable-sets/$set",
  placeholder: "Mail",
};

const MODULES: Kind = {
  type: "ScriptModule",
  title: "Script modules",
  description: "Functions that the scripts of several projects share.",
  add: "Add a script module",
  what: "The script modules",
  icon: IconCode,
  none: "No script module yet",
  first:
    "Functions that many scripts call are written once here. A project that includes a module has it beside its scripts while they run.",
  to: "/app/$space/library/script-modules/$set",
  placeholder: "Database helpers",
};

export function VariableSetsScreen() {
  return <SetsScreen kind={SETS} />;
}

export function ScriptModulesScreen() {
  return <SetsScreen kind={MODULES} />;
}

function SetsScreen({ kind }: { kind: Kind }) {
  const { space = "" } = useParams({ strict: false });
  const [adding, setAdding] = useState(false);
  const list = useList();
  const sets = useQuery(librarySetPageQuery(space, kind.type, list));
  const add = (
    <ActionButton
      need={{ permission: "LibraryVariableSetCreate", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      {kind.add}
    </ActionButton>
  );
  return (
    <Page title={kind.title} description={kind.description} actions={add}>
      <ListPanel
        what={kind.what}
        list={list}
        query={sets}
        find="Find by name"
        empty={
          <EmptyState icon={kind.icon} title={kind.none} action={add}>
            {kind.first}
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label={kind.title} rows={items} columns={columnsOf(space, kind)} keyOf={(one) => one.Id} />
        )}
      </ListPanel>
      {adding && <AddSet space={space} kind={kind} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columnsOf(space: string, kind: Kind): (Column<LibrarySet> | false)[] {
  return [
    {
      head: "Name",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to={kind.to} params={{ space, set: one.Id }}>
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    kind.type === "Variables" && {
      head: "Templates for tenants",
      width: 180,
      dimmed: true,
      wideOnly: true,
      cell: (one) => (one.Templates.length === 0 ? "none" : one.Templates.length),
    },
    {
      head: "Changed",
      width: 220,
      dimmed: true,
      wideOnly: true,
      cell: (one) => (
        <Group gap={4}>
          {one.LastModifiedOn && <Ago at={one.LastModifiedOn} />}
          {one.LastModifiedBy && <Text size="sm">by {one.LastModifiedBy}</Text>}
        </Group>
      ),
    },
  ];
}

function AddSet({ space, kind, onClose }: { space: string; kind: Kind; onClose: () => void }) {
  const adding = useAddLibrarySet(space);
  const navigate = useNavigate();
  const form = useForm({ Name: "", Description: "" }, adding.error);
  const submit = () =>
    adding.mutate(
      { ...form.value, ContentType: kind.type },
      { onSuccess: (made) => navigate({ to: kind.to, params: { space, set: made.Id } }) },
    );
  return (
    <FormModal title={kind.add} action="Add" form={form} pending={adding.isPending} onSubmit={submit} onClose={onClose}>
      <TextInput
        label="Name"
        placeholder={kind.placeholder}
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
    </FormModal>
  );
}
