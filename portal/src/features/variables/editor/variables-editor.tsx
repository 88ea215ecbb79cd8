import { ActionIcon, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconArrowBackUp, IconArrowForwardUp, IconVariable } from "@tabler/icons-react";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { useVariableNames } from "@/api/variable-names";
import { EmptyState } from "@/components/empty-state";
import { ErrorNotice } from "@/components/error-notice";
import { SaveBar } from "@/components/form";
import { Notice } from "@/components/notice";
import { ActionButton } from "@/components/permitted";
import { notifyDone } from "@/lib/notify";
import { type Saving, useValueNames, type VariableSet } from "../api";
import { useGrid } from "../grid/use-grid";
import { VariableGrid } from "../grid/variable-grid";
import { isNarrowed } from "../model/filters";
import { rowsOf } from "../model/rows";
import { ScopeNames } from "../model/scope";
import { foldedName, type Variable } from "../model/variable";
import { BulkBar } from "./bulk-bar";
import { DetailLine } from "./detail-line";
import { Dialogs, type Opened } from "./dialogs";
import classes from "./editor.module.css";
import { download } from "./export";
import { needOf, type Owner, offeredTo, useLock } from "./owner";
import { TheirsNotice } from "./theirs-notice";
import { Toolbar } from "./toolbar";
import { useGridActions } from "./use-grid-actions";
import { useSaving } from "./use-saving";
import { useShown } from "./use-shown";
import { useVariables } from "./use-variables";

interface Props {
  owner: Owner;
  /** Under what the draft is kept. */
  id: string;
  saved: VariableSet;
  save: (saving: Saving) => Promise<VariableSet>;
  /** For projects in Git: a message goes with the change. */
  takesMessage?: boolean;
  /** What to do first where there is no variable yet. */
  empty: ReactNode;
  onExplain?: (name: string | null) => void;
}

/** The variables of a project or a library set, to be edited in place. */
export function VariablesEditor({ owner, id, saved, save, takesMessage, empty, onExplain }: Props) {
  const { space } = owner;
  const edited = useMemo(() => ({ version: saved.Version, variables: saved.Variables }), [saved]);
  const variables = useVariables(id, edited);
  const { draft, before, after, changes, conflicts } = variables;
  const names = useMemo(() => new ScopeNames(saved.ScopeValues), [saved.ScopeValues]);
  const shown = useShown();
  const lock = useLock(owner);
  const offered = useMemo(() => offeredTo(owner), [owner]);
  const known = useVariableNames(space, owner.kind === "project" ? owner.id : null);
  const valueNames = useValueNames(space, after);
  const [opened, setOpened] = useState<Opened>(null);
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(
    () => rowsOf({ before, after, changes, conflicts, names }, shown.filter, shown.sorting, kept),
    [before, after, changes, conflicts, names, shown.filter, shown.sorting, kept],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const focusGrid = useRef(() => scroller.current?.focus({ preventScroll: true })).current;
  const actions = useGridActions({ variables, lock, open: setOpened, keep: setKept });
  const grid = useGrid(rows, actions, focusGrid);
  const saving = useSaving(variables, save, () => notifyDone("The variables are saved."));
  const need = needOf(owner);
  const activeRow = rows.find((row) => row.variable.Id === grid.active?.id) ?? null;
  const chosen = useMemo(() => after.filter((one) => grid.chosen.has(one.Id)), [after, grid.chosen]);
  const unnamed = after.filter((one) => one.Name.trim() === "").length;
  const isBare = before.length === 0 && after.length === 0;
  const changeChosen = (work: (old: Variable) => Variable) =>
    variables.set((old) => old.map((one) => (grid.chosen.has(one.Id) && lock(one) === null ? work(one) : one)));
  const add = () => grid.begin(null);
  const counts = useMemo(
    () => ({ rows: rows.length, all: after.length, names: new Set(after.map((one) => foldedName(one.Name))).size }),
    [rows.length, after],
  );
  return (
    <>
      {variables.merged && (
        <div style={{ marginBottom: 12 }}>
          <TheirsNotice
            merged={variables.merged}
            onMerge={() => {
              const merged = variables.merged?.variables;
              const version = draft.theirs?.version;
              draft.keepMine();
              if (merged && version !== undefined) draft.change({ version, variables: merged });
            }}
            onDiscard={draft.discard}
          />
        </div>
      )}
      {saving.error !== null && <SaveFaults saving={saving} rows={after} />}
      <Toolbar
        shown={shown}
        names={names}
        offered={offered}
        need={need}
        counts={counts}
        onAdd={add}
        onImport={() => setOpened({ kind: "paste", text: "" })}
        onExport={(format) =>
          download(
            owner.name,
            format,
            rows.filter((row) => row.kind !== "deleted").map((row) => row.variable),
            names,
          )
        }
        onExplain={onExplain && (() => onExplain(null))}
      />
      {chosen.length > 0 && (
        <BulkBar
          chosen={chosen}
          locked={chosen.filter((one) => lock(one) !== null).length}
          names={names}
          offered={offered}
          change={changeChosen}
          onCopy={(copies) => variables.set((old) => [...old, ...copies])}
          onDelete={() => actions.remove([...grid.chosen])}
          onClear={() => grid.chooseAll([])}
        />
      )}
      {isBare && !grid.editing ? (
        <EmptyState
          icon={IconVariable}
          title="No variable yet"
          action={
            <ActionButton need={need} onClick={add}>
              Add a variable
            </ActionButton>
          }
        >
          {empty}
        </EmptyState>
      ) : (
        <>
          <VariableGrid
            label={`Variables of ${owner.name}`}
            space={space}
            rows={rows}
            grid={grid}
            actions={actions}
            names={names}
            offered={offered}
            valueNames={valueNames}
            faults={saving.faultyCells}
            sorting={shown.sorting}
            onSort={shown.sort}
            isClosed={false}
            onExplain={onExplain}
            scroller={scroller}
          />
          <DetailLine
            row={activeRow}
            names={names}
            lock={activeRow && lock(activeRow.variable)}
            faults={saving.faults.filter((fault) => fault.id === activeRow?.variable.Id)}
          />
          {rows.length === 0 && isNarrowed(shown.filter) && (
            <p className={classes.nothing}>No value fits what is looked for.</p>
          )}
        </>
      )}
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        barred={barredBy(unnamed, variables.merged !== null)}
        words={changes.words === "" ? "Only the order has changed." : `Not saved: ${changes.words}.`}
        onSave={saving.save}
        onDiscard={() => {
          saving.forget();
          draft.discard();
        }}
      >
        {takesMessage && (
          <TextInput
            size="sm"
            w={260}
            aria-label="Commit message"
            placeholder="Update variables"
            value={saving.message}
            onChange={(event) => saving.setMessage(event.currentTarget.value)}
          />
        )}
        <ActionIcon size={34} variant="default" aria-label="Undo" disabled={!draft.canUndo} onClick={draft.undo}>
          <IconArrowBackUp size={17} />
        </ActionIcon>
        <ActionIcon size={34} variant="default" aria-label="Redo" disabled={!draft.canRedo} onClick={draft.redo}>
          <IconArrowForwardUp size={17} />
        </ActionIcon>
      </SaveBar>
      <Dialogs
        opened={opened}
        space={space}
        variables={variables}
        names={names}
        offered={offered}
        known={known}
        lock={lock}
        onClose={() => {
          setOpened(null);
          // After the dialog has given the focus back to where it was.
          setTimeout(focusGrid, 0);
        }}
      />
    </>
  );
}

function barredBy(unnamed: number, isOutdated: boolean): string | null {
  if (isOutdated) return "Somebody else saved meanwhile: decide above what becomes of it.";
  if (unnamed > 0) return unnamed === 1 ? "A variable has no name yet." : `${unnamed} variables have no name yet.`;
  return null;
}

function SaveFaults({ saving, rows }: { saving: ReturnType<typeof useSaving>; rows: readonly Variable[] }) {
  if (saving.faults.length === 0) {
    return (
      <div style={{ marginBottom: 12 }}>
        <ErrorNotice error={saving.error} title="The variables were not saved" />
      </div>
    );
  }
  return (
    <div style={{ marginBottom: 12 }}>
      <Notice alert tone="failed" icon={IconAlertTriangle} title="The variables were not saved">
        <ul className={classes.faults}>
          {saving.faults.map((fault) => (
            <li key={`${fault.id}/${fault.sentence}`}>
              <strong>{rows.find((one) => one.Id === fault.id)?.Name || "A variable without a name"}</strong>:{" "}
              {fault.sentence}
            </li>
          ))}
          {saving.others.map((fault) => (
            <li key={fault.whole}>{fault.whole}</li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
