import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorNotice } from "@/components/error-notice";
import { SaveBar } from "@/components/form";
import { isSecretParameter, type Parameter } from "@/components/parameters/controls";
import { ParameterList } from "@/components/parameters/parameter-list";
import type { Need } from "@/components/permitted";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraft } from "@/lib/use-draft";

interface Props {
  /** Under what the draft is kept. */
  id: string;
  space: string;
  need: Need;
  title: string;
  saved: Parameter[];
  save: (templates: Parameter[]) => Promise<Parameter[]>;
  empty: ReactNode;
}

/** The variables that every tenant gives a value of its own. */
export function TemplatesEditor({ id, space, need, title, saved, save, empty }: Props) {
  const draft = useDraft(id, saved, { strip: withoutSecrets });
  const saving = useMutation({
    mutationFn: save,
    onSuccess: (answered) => {
      draft.accept(answered);
      notifyDone("The templates are saved.");
    },
  });
  return (
    <>
      <TheirsNotice draft={draft} what="The list of templates" />
      {saving.isError && <ErrorNotice error={saving.error} title="The templates were not saved" />}
      <ParameterList
        title={title}
        space={space}
        need={need}
        parameters={draft.value}
        onChange={(next) => draft.change(next)}
        empty={empty}
      />
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        onSave={() => saving.mutate(draft.value)}
        onDiscard={draft.discard}
      />
    </>
  );
}

/** Without the secrets that were typed as defaults: what the base has stands in their place. */
function withoutSecrets(templates: Parameter[], base: readonly Parameter[]): Parameter[] {
  return templates.map((one) =>
    isSecretParameter(one)
      ? { ...one, DefaultValue: base.find(({ Id }) => Id !== "" && Id === one.Id)?.DefaultValue ?? null }
      : one,
  );
}
