import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Loaded } from "@/components/loaded";
import { useSaveSet, variableSetQuery } from "../api";
import type { Owner } from "../editor/owner";
import { VariablesEditor } from "../editor/variables-editor";
import { TemplatesEditor } from "../templates/templates-editor";
import { useChangeLibrarySet } from "./api";
import { useLibrarySet } from "./set-frame";

export function VariableSetVariables() {
  const { space, set } = useLibrarySet();
  const owner = useMemo<Owner>(() => ({ kind: "library", id: set.Id, space, name: set.Name }), [set, space]);
  const variables = useQuery(variableSetQuery(space, set.VariableSetId));
  const save = useSaveSet(space, set.VariableSetId);
  return (
    <Loaded query={variables} what="The variables" rows={8}>
      {(saved) => (
        <VariablesEditor
          owner={owner}
          id={saved.Id}
          saved={saved}
          save={save}
          empty="What several projects share goes here. A project's own variable goes before one of a set where both are as specific."
        />
      )}
    </Loaded>
  );
}

export function VariableSetTemplates() {
  const { space, set } = useLibrarySet();
  const changing = useChangeLibrarySet(space, set.Id);
  return (
    <TemplatesEditor
      id={`${set.Id}/templates`}
      space={space}
      need={{ permission: "LibraryVariableSetEdit", space }}
      title="Templates for tenants"
      saved={set.Templates}
      save={async (Templates) => (await changing.mutateAsync({ Templates })).Templates}
      empty="A template is a variable of which every tenant gives a value of its own, one for all projects that include this set: a contact, a colour, a domain."
    />
  );
}
