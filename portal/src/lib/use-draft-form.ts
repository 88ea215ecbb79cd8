import { useRef } from "react";
import { type Draft, useDraft } from "./use-draft";
import { type Form, formOf } from "./use-form";

/**
 * A document that is edited in place, field by field. It is kept in memory only, since such documents may hold secrets
 * that were typed in.
 */
export function useDraftForm<T extends object>(id: string, saved: T, error: unknown): [Form<T>, Draft<T>] {
  const draft = useDraft(id, saved, { keep: false });
  const claimed = useRef(new Set<string>());
  const { value, isChanged } = draft;
  const set = (patch: Partial<T>) => draft.change((old) => ({ ...old, ...patch }));
  return [formOf({ value, set, isChanged, error, claimed: claimed.current }), draft];
}
