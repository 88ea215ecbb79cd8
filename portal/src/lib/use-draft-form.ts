import { useRef } from "react";
import { type Draft, useDraft } from "./use-draft";
import { type Form, formOf } from "./use-form";
import { withoutSecrets } from "./without-secrets";

/** A document that is edited in place, field by field. The draft outlives a reload, but for secrets that were typed in. */
export function useDraftForm<T extends object>(id: string, saved: T, error: unknown): [Form<T>, Draft<T>] {
  const draft = useDraft(id, saved, { strip: withoutSecrets });
  const claimed = useRef(new Set<string>());
  const { value, isChanged } = draft;
  const set = (patch: Partial<T>) => draft.change((old) => ({ ...old, ...patch }));
  return [formOf({ value, set, isChanged, error, claimed: claimed.current }), draft];
}
