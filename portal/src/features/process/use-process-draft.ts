import { useCallback, useMemo, useState } from "react";
import { useCreateBranch } from "@/api/branches";
import { ApiError } from "@/api/errors";
import { type Draft, useDraft } from "@/lib/use-draft";
import type { Commit } from "./commit-fields";
import { type Process, withoutSecrets } from "./model/document";
import { type Merged, merge } from "./model/merging";
import type { Subject } from "./subject";

export interface Saving {
  isPending: boolean;
  error: unknown;
  save: () => Promise<Process | null>;
}

/** The process with the changes made here, and what is known of changes by others. */
export function useProcessDraft<P extends Process>(subject: Subject<P>) {
  const { Version, Steps } = subject.saved;
  const saved = useMemo<Process>(() => ({ Version, Steps }), [Version, Steps]);
  const draft = useDraft<Process>(subject.draftId, saved, { strip: withoutSecrets });
  const merged = useMemo<Merged<Process> | null>(
    () => draft.theirs && merge(draft.base, draft.value, draft.theirs),
    [draft.base, draft.value, draft.theirs],
  );
  const { change, keepMine } = draft;
  const takeBoth = useCallback(() => {
    if (!merged) return;
    change(merged.process);
    keepMine();
  }, [merged, change, keepMine]);
  return { draft, merged, takeBoth };
}

/** Saves the whole process. A refusal keeps all changes; an outdated version leads to what the others saved. */
export function useSaving<P extends Process>(
  subject: Subject<P>,
  draft: Draft<Process>,
  commit: Commit,
  onNewBranch: (branch: string) => void,
): Saving {
  const [isPending, setPending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  /** The branch that was made for a save that was refused then: it is there when one tries again. */
  const [made, setMade] = useState<string | null>(null);
  const branching = useCreateBranch(subject.space, subject.project.Id);
  const write = async (): Promise<Process> => {
    const process = { ...subject.saved, Steps: draft.value.Steps, Version: draft.base.Version };
    const wanted = commit.newBranch?.trim() ?? null;
    if (wanted === null || subject.branch === null) {
      const answered = await subject.save(process, commit.message, subject.branch);
      draft.accept({ Version: answered.Version, Steps: answered.Steps });
      return answered;
    }
    if (wanted !== made) await branching.mutateAsync({ name: wanted, from: subject.branch });
    setMade(wanted);
    const answered = await subject.save(process, commit.message, wanted);
    draft.discard();
    onNewBranch(wanted);
    return answered;
  };
  const save = async () => {
    setPending(true);
    setError(null);
    try {
      return await write();
    } catch (refusal) {
      setError(refusal);
      if (refusal instanceof ApiError && refusal.status === 409) await subject.refetch();
      return null;
    } finally {
      setPending(false);
    }
  };
  return { isPending, error, save };
}
