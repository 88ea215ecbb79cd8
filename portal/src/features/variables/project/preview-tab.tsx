import { Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { useProject } from "@/lib/use-project";
import { useValueNames, type VariableSet } from "../api";
import type { VariableSearch } from "../editor/search";
import { type Looked, type Place, previewQuery } from "../explain/api";
import { placeOf } from "../explain/explain-drawer";
import { PlaceForm } from "../explain/place-form";
import { ScopeNames } from "../model/scope";
import { foldedName } from "../model/variable";
import { useEverything } from "./use-everything";
import { type ValueLine, ValuesTable } from "./values-table";

/** The one value that every variable has at a place. */
export function PreviewTab() {
  const { space, project } = useProject();
  const search: VariableSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const { own, branch } = useEverything(space, project);
  const place = placeOf(search);
  const preview = useQuery(previewQuery({ space, project: project.Id, branch }, place));
  const go = (patch: Partial<Record<keyof Place, string>>) => {
    const given = Object.fromEntries(Object.entries(patch).map(([name, value]) => [name, value || undefined]));
    void navigate({
      to: ".",
      search: ((old: object) => ({ ...old, ...given })) as never,
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <>
      <Panel title="The place">
        <PlaceForm
          space={space}
          values={own.data?.ScopeValues}
          place={place}
          isTenanted={project.TenantedDeploymentMode !== "Untenanted"}
          onChange={go}
          columns={4}
        />
      </Panel>
      <div style={{ marginTop: 16 }}>
        <Loaded query={preview} what="The preview" rows={8}>
          {(set) => <Values set={set} looked={{ space, project: project.Slug, branch }} place={place} own={own.data} />}
        </Loaded>
      </div>
    </>
  );
}

interface ValuesProps {
  set: VariableSet;
  looked: Looked;
  place: Place;
  own: VariableSet | undefined;
}

function Values({ set, looked, place, own }: ValuesProps) {
  const { space, project, branch } = looked;
  const { sets } = useEverything(space, useProject().project);
  const [words, setWords] = useState("");
  const names = new ScopeNames(set.ScopeValues);
  const valueNames = useValueNames(space, set.Variables);
  const mine = new Set(own?.Variables.map((one) => one.Id));
  const sourceOf = (id: string) => {
    if (mine.has(id)) return "Project";
    const found = sets.data?.find((one) => one.variables.some((each) => each.Id === id));
    return found?.set.Name ?? "Tenant";
  };
  const sought = words.trim().toLowerCase();
  const shown = set.Variables.filter((one) =>
    [one.Name, one.IsSensitive ? "" : (one.Value ?? "")].some((text) => text.toLowerCase().includes(sought)),
  ).sort((one, other) => foldedName(one.Name).localeCompare(foldedName(other.Name), "en", { numeric: true }));
  const lines: ValueLine[] = shown.map((variable) => ({
    key: variable.Id || variable.Name,
    variable,
    isFirst: true,
    chips: names.chipsOf(variable.Scope),
    named: valueNames.get(variable.Value ?? "") ?? null,
    source: <span>{sourceOf(variable.Id)}</span>,
    action: (
      <TextLink
        size="xs"
        to="/app/$space/projects/$project/variables"
        params={{ space, project }}
        search={{ ...place, explain: variable.Name, branch: branch ?? undefined }}
      >
        Explain
      </TextLink>
    ),
  }));
  return (
    <>
      <TextInput
        type="search"
        aria-label="Find variables"
        placeholder="Find by name or value"
        leftSection={<IconSearch size={15} />}
        mb="sm"
        w={{ base: "100%", xs: 260 }}
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
      />
      <ValuesTable label="Values at the place" lines={lines} />
      <Text size="xs" c="dimmed" mt="xs">
        As a deployment there would have them, filled in as far as that is known before. Secrets are masked; what the
        system sets when it deploys is empty.
      </Text>
    </>
  );
}
