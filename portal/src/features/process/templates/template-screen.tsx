import { Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import { SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { useMay } from "@/components/permitted";
import { useDraft } from "@/lib/use-draft";
import type { Template } from "../api";
import { templateQuery, useSaveTemplate } from "../api-templates";
import { type Editing, EditingContext } from "../form/context";
import { KindIcon } from "../kind-icon";
import { kindName } from "../model/kinds";
import { ParametersTab } from "./parameters-tab";
import { StepTab } from "./step-tab";
import { TemplateActions } from "./template-actions";
import classes from "./template-screen.module.css";
import { UsageTab } from "./usage-tab";

const TABS = [
  { tab: undefined, word: "Step" },
  { tab: "parameters", word: "Parameters" },
  { tab: "usage", word: "Usage" },
] as const;

/** One step template: what its steps do, what they ask for, and where they are. */
export function TemplateScreen() {
  const { space, template: id } = useParams({ from: "/shell/app/$space/library/step-templates/$template" });
  const template = useQuery(templateQuery(space, id));
  return (
    <Page
      title={template.data?.Name ?? "Step template"}
      crumbs={[{ text: "Step templates", to: `/app/${space}/library/step-templates` }]}
      description={
        template.data && (
          <Group gap={6}>
            <KindIcon type={template.data.ActionType} />
            {`${kindName(template.data.ActionType)}, version ${template.data.Version}`}
          </Group>
        )
      }
      actions={template.data && <TemplateActions space={space} template={template.data} />}
      tabs={<Tabs space={space} id={id} />}
    >
      <Loaded query={template} what="The step template">
        {(found) => <TemplateEditor key={found.Id} space={space} saved={found} />}
      </Loaded>
    </Page>
  );
}

function Tabs({ space, id }: { space: string; id: string }) {
  return (
    <nav className={classes.tabs} aria-label="Step template">
      {TABS.map(({ tab, word }) => (
        <Link
          key={word}
          to="/app/$space/library/step-templates/$template"
          params={{ space, template: id }}
          search={{ tab }}
          activeOptions={{ exact: true, includeSearch: true }}
          className={classes.tab}
        >
          {word}
        </Link>
      ))}
    </nav>
  );
}

function TemplateEditor({ space, saved }: { space: string; saved: Template }) {
  const { tab } = useSearch({ from: "/shell/app/$space/library/step-templates/$template" });
  const draft = useDraft<Template>(`step-template:${saved.Id}`, saved, { keep: false });
  const saving = useSaveTemplate(space);
  const need = { permission: "ActionTemplateEdit", space };
  const readOnly = !useMay(need);
  const { Parameters } = draft.value;
  const editing = useMemo<Editing>(() => {
    const variables = Parameters.map((one) => ({ name: one.Name, about: one.Label || "parameter" }));
    return { space, project: null, isRunbook: false, readOnly, variables };
  }, [space, readOnly, Parameters]);
  return (
    <EditingContext.Provider value={editing}>
      {saving.isError && draft.isChanged && (
        <div className={classes.fault}>
          <ErrorNotice error={saving.error} title="The step template is not saved" />
        </div>
      )}
      {tab === "usage" ? (
        <UsageTab space={space} template={saved} />
      ) : (
        <fieldset className={classes.form} disabled={readOnly}>
          {tab === "parameters" ? (
            <ParametersTab
              parameters={Parameters}
              onChange={(next, joins) => draft.change((old) => ({ ...old, Parameters: next }), joins)}
            />
          ) : (
            <StepTab template={draft.value} change={draft.change} />
          )}
        </fieldset>
      )}
      <Saver draft={draft} saving={saving} need={need} />
    </EditingContext.Provider>
  );
}

interface SaverProps {
  draft: ReturnType<typeof useDraft<Template>>;
  saving: ReturnType<typeof useSaveTemplate>;
  need: { permission: string; space: string };
}

function Saver({ draft, saving, need }: SaverProps) {
  const [isAsked, setAsked] = useState(false);
  const save = () => {
    setAsked(true);
    saving.mutate(draft.value, { onSuccess: draft.accept, onSettled: () => setAsked(false) });
  };
  return (
    <SaveBar
      isChanged={draft.isChanged}
      pending={isAsked && saving.isPending}
      need={need}
      words={
        draft.theirs
          ? "Somebody else saved it in the meantime; saving puts yours in its place as a newer version."
          : `Saving makes version ${draft.value.Version + 1}. Steps stay at theirs until they are updated.`
      }
      onSave={save}
      onDiscard={draft.discard}
    />
  );
}
