import { Select, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useVariableNames } from "@/api/variable-names";
import { CodeEditor } from "@/components/code/code-editor";
import { languageOfSyntax } from "@/components/code/languages";
import { ErrorNotice } from "@/components/error-notice";
import { SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { useMay } from "@/components/permitted";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraft } from "@/lib/use-draft";
import { useSaveSet, type VariableSet, variableSetQuery } from "../api";
import { importOf, moduleOf, SYNTAXES, withModule } from "./module";
import { useLibrarySet } from "./set-frame";

/** The script of a module. */
export function ModuleTab() {
  const { space, set } = useLibrarySet();
  const variables = useQuery(variableSetQuery(space, set.VariableSetId));
  return (
    <Loaded query={variables} what="The script" rows={8}>
      {(saved) => <ModuleEditor saved={saved} />}
    </Loaded>
  );
}

function ModuleEditor({ saved }: { saved: VariableSet }) {
  const { space, set } = useLibrarySet();
  const need = { permission: "LibraryVariableSetEdit", space };
  const may = useMay(need);
  const save = useSaveSet(space, set.VariableSetId);
  const draft = useDraft(`${saved.Id}/script`, moduleOf(saved.Variables));
  const known = useVariableNames(space, null);
  const { script, syntax } = draft.value;
  const saving = useMutation({
    mutationFn: () =>
      save({
        version: saved.Version,
        before: saved.Variables,
        variables: withModule(saved.Variables, set.Name, draft.value),
        message: "",
      }),
    onSuccess: (answered) => {
      draft.accept(moduleOf(answered.Variables));
      notifyDone("The script is saved.");
    },
  });
  const call = importOf(set.Name, syntax);
  return (
    <Stack>
      <TheirsNotice draft={draft} what="The script" />
      {saving.isError && <ErrorNotice error={saving.error} title="The script was not saved" />}
      <Panel>
        <Stack>
          <Select
            label="Language"
            w={200}
            data={SYNTAXES}
            value={syntax}
            allowDeselect={false}
            disabled={!may}
            onChange={(next) => next && draft.change((old) => ({ ...old, syntax: next }))}
          />
          <CodeEditor
            label="Script"
            value={script}
            onChange={(next) => draft.change((old) => ({ ...old, script: next }), "script")}
            language={languageOfSyntax(syntax)}
            readOnly={!may}
            variables={known}
            placeholder="# Functions that the scripts of projects call"
            minHeight={320}
            maxHeight={640}
          />
          <Text size="sm" c="dimmed">
            {call ? (
              <>
                A script in the same language begins with <code>{call}</code> to have these functions.
              </>
            ) : (
              "Scripts in PowerShell have these functions at once."
            )}{" "}
            A project includes the module on its screen Variables, under Library sets.
          </Text>
        </Stack>
      </Panel>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        onSave={() => saving.mutate()}
        onDiscard={draft.discard}
      />
    </Stack>
  );
}
