import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { branchQuery } from "@/api/branches";
import { SaveBar } from "@/components/form";
import type { Draft } from "@/lib/use-draft";
import { type Commit, CommitFields } from "./commit-fields";
import type { Process } from "./model/document";
import type { Subject } from "./subject";
import type { Saving } from "./use-process-draft";

interface Props<P extends Process> {
  subject: Subject<P>;
  draft: Draft<Process>;
  saving: Saving;
  commit: Commit;
  onCommit: (commit: Commit) => void;
  onSave: () => Promise<void>;
}

/** Saves or drops all changes; for projects in Git it says how they are committed. */
export function ProcessSaveBar<P extends Process>({ subject, draft, saving, commit, onCommit, onSave }: Props<P>) {
  const { space, project, branch } = subject;
  const found = useQuery({ ...branchQuery(space, project.Id, branch ?? ""), enabled: branch !== null });
  const isProtected = found.data?.IsProtected ?? false;
  return (
    <SaveBar
      isChanged={draft.isChanged}
      pending={saving.isPending}
      need={subject.need}
      barred={barOf(draft, commit, isProtected, branch)}
      onSave={() => void onSave()}
      onDiscard={draft.discard}
    >
      {branch !== null && <CommitFields branch={branch} isProtected={isProtected} value={commit} onChange={onCommit} />}
      <Step word="Undo" isPossible={draft.canUndo} onClick={draft.undo} icon={IconArrowBackUp} />
      <Step word="Redo" isPossible={draft.canRedo} onClick={draft.redo} icon={IconArrowForwardUp} />
    </SaveBar>
  );
}

function barOf(draft: Draft<Process>, commit: Commit, isProtected: boolean, branch: string | null): string | null {
  if (draft.theirs) return "Somebody else saved the process: say above what becomes of your changes.";
  if (commit.newBranch !== null && commit.newBranch.trim() === "") return "Name the new branch.";
  if (isProtected && commit.newBranch === null) return `The branch ${branch} is protected: commit to a new branch.`;
  return null;
}

interface StepProps {
  word: string;
  isPossible: boolean;
  onClick: () => void;
  icon: typeof IconArrowBackUp;
}

function Step({ word, isPossible, onClick, icon: Sign }: StepProps) {
  return (
    <Tooltip label={word === "Undo" ? "Undo (Ctrl+Z)" : "Redo (Ctrl+Y)"}>
      <ActionIcon size={34} variant="default" aria-label={word} disabled={!isPossible} onClick={onClick}>
        <Sign size={17} />
      </ActionIcon>
    </Tooltip>
  );
}
