import { Badge, Group, Select, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo, useState } from "react";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { isSecretParameter, wordsOf } from "@/components/parameters/controls";
import { useProject } from "@/lib/use-project";
import { type LibrarySet, useValueNames } from "../api";
import type { VariableSearch } from "../editor/search";
import { fits } from "../model/filters";
import { ScopeNames } from "../model/scope";
import { foldedName, isSecret, newVariable, type Variable } from "../model/variable";
import { useEverything } from "./use-everything";
import { type ValueLine, ValuesTable } from "./values-table";

interface Found {
  variable: Variable;
  /** The library set it comes from; null for the project. */
  set: LibrarySet | null;
  isTemplate: boolean;
}

/** Everything that has a value for the project, with where it comes from. */
export function AllVariablesTab() {
  const { space, project } = useProject();
  const { own, sets } = useEverything(space, project);
  return (
    <Loaded query={own} what="The variables" rows={8}>
      {(saved) => {
        const found: Found[] = [
          ...saved.Variables.map((variable) => ({ variable, set: null, isTemplate: false })),
          ...project.Templates.map((one) => ({ variable: asVariable(one), set: null, isTemplate: true })),
        ];
        for (const { set, variables } of sets.data ?? []) {
          found.push(...variables.map((variable) => ({ variable, set, isTemplate: false })));
          found.push(...set.Templates.map((one) => ({ variable: asVariable(one), set, isTemplate: true })));
        }
        return <AllVariables found={found} names={new ScopeNames(saved.ScopeValues)} />;
      }}
    </Loaded>
  );
}

type Template = LibrarySet["Templates"][number];

/** A template as it stands in the list: by its name, with its default. */
function asVariable(template: Template): Variable {
  return {
    ...newVariable({ Name: template.Name, Value: wordsOf(template.DefaultValue), Description: template.Label }),
    Id: template.Id,
    IsSensitive: isSecretParameter(template),
  };
}

function AllVariables({ found, names }: { found: readonly Found[]; names: ScopeNames }) {
  const { space, project } = useProject();
  const search: VariableSearch & { from?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const [words, setWords] = useState(search.q ?? "");
  const sought = useDeferredValue(words);
  const narrow = (patch: { q?: string; from?: string }) =>
    void navigate({
      to: ".",
      search: ((old: object) => ({ ...old, ...patch })) as never,
      replace: true,
      resetScroll: false,
    });
  const valueNames = useValueNames(
    space,
    useMemo(() => found.map((one) => one.variable), [found]),
  );
  const filter = { words: sought, type: null, shown: null, scope: [] };
  const known = { names, conflicts: new Map(), kinds: new Map() };
  const shown = found
    .filter((one) => !search.from || sourceKey(one) === search.from)
    .filter((one) => fits(one.variable, filter, known))
    .sort((one, other) =>
      foldedName(one.variable.Name).localeCompare(foldedName(other.variable.Name), "en", { numeric: true }),
    );
  const lines: ValueLine[] = shown.map((one, index) => ({
    key: `${sourceKey(one)}/${one.variable.Id}`,
    variable: one.variable,
    isFirst: foldedName(shown[index - 1]?.variable.Name ?? "") !== foldedName(one.variable.Name),
    chips: names.chipsOf(one.variable.Scope),
    named: isSecret(one.variable) ? null : (valueNames.get(one.variable.Value ?? "") ?? null),
    source: <Source space={space} project={project.Slug} found={one} />,
    action: (
      <TextLink
        size="xs"
        to="/app/$space/projects/$project/variables"
        params={{ space, project: project.Slug }}
        search={(old) => ({ branch: old.branch, explain: one.variable.Name })}
      >
        Explain
      </TextLink>
    ),
  }));
  const sources = new Map(found.map((one) => [sourceKey(one), one.set?.Name ?? project.Name]));
  return (
    <>
      <Group gap="xs" mb="sm">
        <TextInput
          type="search"
          aria-label="Find variables"
          placeholder="Find by name, value or scope"
          leftSection={<IconSearch size={15} />}
          w={{ base: "100%", xs: 260 }}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            narrow({ q: event.currentTarget.value || undefined });
          }}
        />
        <Select
          aria-label="From"
          placeholder="From anywhere"
          clearable
          data={[...sources].map(([value, label]) => ({ value, label }))}
          value={search.from ?? null}
          onChange={(from) => narrow({ from: from ?? undefined })}
        />
        <Text size="sm" c="dimmed" className="numbers" role="status">
          {lines.length.toLocaleString("en-US")} {lines.length === 1 ? "value" : "values"}
        </Text>
      </Group>
      <ValuesTable label="All variables" lines={lines} />
    </>
  );
}

function sourceKey(found: Found): string {
  return found.set?.Id ?? "project";
}

function Source({ space, project, found: { set, isTemplate } }: { space: string; project: string; found: Found }) {
  const badge = isTemplate && <Badge color="gray">Template</Badge>;
  if (!set) {
    const to = isTemplate
      ? "/app/$space/projects/$project/variables/templates"
      : "/app/$space/projects/$project/variables";
    return (
      <>
        <TextLink size="sm" to={to} params={{ space, project }}>
          Project
        </TextLink>
        {badge}
      </>
    );
  }
  const to = isTemplate
    ? "/app/$space/library/variable-sets/$set/templates"
    : set.ContentType === "ScriptModule"
      ? "/app/$space/library/script-modules/$set"
      : "/app/$space/library/variable-sets/$set";
  return (
    <>
      <TextLink size="sm" to={to} params={{ space, set: set.Id }}>
        {set.Name}
      </TextLink>
      {badge}
    </>
  );
}
