import { useMediaQuery } from "@mantine/hooks";
import { IconListDetails } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { channelsQuery, environmentsQuery } from "@/api/reference";
import { useGoToBranch } from "@/components/branch-picker";
import { EmptyState } from "@/components/empty-state";
import { Panel } from "@/components/page";
import { ActionButton, useMay } from "@/components/permitted";
import { notifyDone } from "@/lib/notify";
import { textOf } from "@/lib/search";
import { useKnownVariables } from "./api";
import { Catalogue } from "./catalogue/catalogue";
import type { Commit } from "./commit-fields";
import classes from "./editor.module.css";
import { type Editing, EditingContext } from "./form/context";
import { JsonView } from "./json-view";
import { namesIn, type Process } from "./model/document";
import { faultsByStep } from "./model/faults";
import type { Namings } from "./model/marks";
import { insertChild, insertStep, stepOf } from "./model/moving";
import { keyAt, placeOf } from "./model/places";
import { isOutOfSight } from "./model/sight";
import { Notices } from "./notices";
import { ProcessSaveBar } from "./process-save-bar";
import { StepPanel } from "./step-panel";
import { StepList } from "./steps/step-list";
import type { Subject } from "./subject";
import { type Sight, Toolbar } from "./toolbar";
import { useAdding } from "./use-adding";
import { useKeys } from "./use-keys";
import { useProcessDraft, useSaving } from "./use-process-draft";
import { type Spot, useVerbs } from "./use-verbs";

/** Edits a process: its steps at the left, the form of the one that is selected at the right, one save for all. */
export function ProcessEditor<P extends Process>({ subject }: { subject: Subject<P> }) {
  const { space, project, isRunbook, branch } = subject;
  const { draft, merged, takeBoth } = useProcessDraft(subject);
  const [commit, setCommit] = useState<Commit>({ message: "", newBranch: null });
  const saving = useSaving(subject, draft, commit, useGoToBranch(project));
  const [key, select] = useSelected();
  const [spot, setSpot] = useState<Spot | null>(null);
  const [sight, setSight] = useState<Sight>({ words: "", environment: null });
  const [showsJson, setShowsJson] = useState(false);
  const isNarrow = useMediaQuery("(max-width: 62em)") ?? false;
  const readOnly = !useMay(subject.need);
  const naming = useNaming(space, isRunbook ? "" : project.Id);
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const steps = draft.value.Steps;
  const variables = useKnownVariables(space, project.Id, steps);
  const editing = useMemo<Editing>(
    () => ({ space, project, isRunbook, readOnly, variables }),
    [space, project, isRunbook, readOnly, variables],
  );
  const verbs = useVerbs(draft, { select, add: setSpot });
  const faults = useMemo(() => faultsByStep(steps, saving.error), [steps, saving.error]);
  const place = placeOf(steps, key) ?? (isNarrow || steps.length === 0 ? null : { step: 0, child: null });
  const save = async () => {
    const before = place && keyAt(steps, place);
    const saved = await saving.save();
    if (!saved) return;
    setCommit({ message: "", newBranch: null });
    const after = place && keyAt(saved.Steps, place);
    if (key && after && after !== before) select(after, true);
    notifyDone("The process is saved. New releases use it; those that are there keep theirs.");
  };
  const canSave = draft.isChanged && !saving.isPending && draft.theirs === null && !readOnly;
  useKeys({ undo: draft.undo, redo: draft.redo, save: () => canSave && void save() });
  const showList = !isNarrow || place === null;
  const add = (
    <ActionButton need={subject.need} onClick={() => setSpot({ at: steps.length })}>
      Add a step
    </ActionButton>
  );
  return (
    <EditingContext.Provider value={editing}>
      {showList && (
        <Toolbar
          subject={subject}
          environments={environments}
          sight={sight}
          onSight={setSight}
          onAdd={() => setSpot({ at: steps.length })}
          onJson={() => setShowsJson(true)}
        />
      )}
      <Notices subject={subject} readOnly={readOnly} merged={merged} draft={draft} saving={saving} onMerge={takeBoth} />
      {steps.length === 0 ? (
        <Panel>
          <EmptyState icon={IconListDetails} title="No step yet" action={add}>
            The process says what happens when {isRunbook ? "the runbook runs" : "a release is deployed"}, step by step.
            Begin with a script, or with a package that is to be deployed.
          </EmptyState>
        </Panel>
      ) : (
        <div className={classes.columns}>
          {showList && (
            <div className={classes.steps}>
              <StepList
                steps={steps}
                selected={place}
                naming={naming}
                faults={faults}
                verbs={verbs}
                readOnly={readOnly}
                isDimmed={(step, child) => isOutOfSight(step, child, sight.words, sight.environment)}
                onLand={verbs.land}
              />
            </div>
          )}
          {place && (
            <StepPanel
              key={`${branch} ${steps[place.step]?.Id} ${place.child === null ? "" : steps[place.step]?.Actions[place.child]?.Id}`}
              steps={steps}
              place={place}
              readOnly={readOnly}
              naming={naming}
              faults={faults}
              change={draft.change}
              onBack={isNarrow ? () => select(undefined) : undefined}
            />
          )}
        </div>
      )}
      <ProcessSaveBar
        subject={subject}
        draft={draft}
        saving={saving}
        commit={commit}
        onCommit={setCommit}
        onSave={save}
      />
      {spot && <Adding spot={spot} subject={subject} draft={draft} select={select} onClose={() => setSpot(null)} />}
      {showsJson && (
        <JsonView
          document={{ ...subject.saved, Steps: steps }}
          name={subject.fileName}
          onClose={() => setShowsJson(false)}
        />
      )}
    </EditingContext.Provider>
  );
}

/** The step that the address names with `step`. */
function useSelected(): [string | undefined, (key: string | undefined, replace?: boolean) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const select = useCallback(
    (key: string | undefined, replace = false) => {
      const next = (old: Record<string, unknown>) => ({ ...old, step: key });
      void navigate({ to: ".", search: next as never, replace, resetScroll: false });
    },
    [navigate],
  );
  return [textOf(search.step), select];
}

function useNaming(space: string, project: string): Namings {
  const environments = useQuery(environmentsQuery(space)).data;
  const channels = useQuery({ ...channelsQuery(space, project), enabled: project !== "" }).data;
  return useMemo(
    () => ({
      environment: (id) => nameIn(environments, id),
      channel: (id) => nameIn(channels, id),
    }),
    [environments, channels],
  );
}

/** An id that is not known stays an id; before anything is known there is nothing to say. */
function nameIn(known: readonly { Id: string; Name: string }[] | undefined, id: string): string {
  return known ? (known.find((one) => one.Id === id)?.Name ?? id) : "…";
}

interface AddingProps<P extends Process> {
  spot: Spot;
  subject: Subject<P>;
  draft: ReturnType<typeof useProcessDraft<P>>["draft"];
  select: (key: string | undefined) => void;
  onClose: () => void;
}

function Adding<P extends Process>({ spot, subject, draft, select, onClose }: AddingProps<P>) {
  const adding = useAdding(subject.space);
  const steps = draft.value.Steps;
  return (
    <Catalogue
      space={subject.space}
      title={"parent" in spot ? "Add a child step" : "Add a step"}
      pending={adding.isPending}
      onClose={onClose}
      onChoose={async (offered) => {
        const action = await adding.add(offered, namesIn(steps));
        if (!action) return;
        const moved =
          "parent" in spot
            ? insertChild(steps, spot.parent, action, steps[spot.parent]?.Actions.length ?? 0)
            : insertStep(steps, stepOf(action), spot.at);
        draft.change((old) => ({ ...old, Steps: moved.steps }));
        select(keyAt(moved.steps, moved.place));
        onClose();
      }}
    />
  );
}
