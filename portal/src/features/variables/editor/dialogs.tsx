import type { KnownVariable } from "@/components/code/variables";
import { withPlanned } from "../model/importing";
import type { Dimension, ScopeNames } from "../model/scope";
import type { Variable } from "../model/variable";
import { DetailsDialog } from "./details-dialog";
import { PasteDialog } from "./paste-dialog";
import { TextDialog } from "./text-dialog";
import type { Variables } from "./use-variables";

export type Opened = { kind: "details" | "text"; id: string } | { kind: "paste"; text: string } | null;

interface Props {
  opened: Opened;
  space: string;
  variables: Variables;
  names: ScopeNames;
  offered: readonly Dimension[];
  known: readonly KnownVariable[];
  lock: (variable: Variable) => string | null;
  onClose: () => void;
}

/** The dialogs of the editor, of which one is open at most. */
export function Dialogs({ opened, space, variables, names, offered, known, lock, onClose }: Props) {
  if (opened === null) return null;
  if (opened.kind === "paste") {
    return (
      <PasteDialog
        text={opened.text}
        there={variables.after}
        names={names}
        onClose={onClose}
        onDone={(planned) => {
          variables.set((old) => withPlanned(old, planned));
          onClose();
        }}
      />
    );
  }
  const variable = variables.after.find((one) => one.Id === opened.id);
  if (!variable) return null;
  const shared = { variable, known, onClose };
  if (opened.kind === "text") {
    const done = (text: string) => {
      variables.patch(variable.Id, (old) => ({ ...old, Value: text }));
      onClose();
    };
    return <TextDialog {...shared} readOnly={lock(variable) !== null} onDone={done} />;
  }
  const done = (next: Variable) => {
    variables.patch(variable.Id, () => next);
    onClose();
  };
  return (
    <DetailsDialog {...shared} space={space} names={names} offered={offered} lock={lock(variable)} onDone={done} />
  );
}
