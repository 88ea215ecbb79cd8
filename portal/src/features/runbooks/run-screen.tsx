import { Group, Stack, Textarea } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Project, projectQuery } from "@/api/reference";
import { useRights } from "@/api/rights";
import { BranchPicker } from "@/components/branch-picker";
import { ErrorNotice } from "@/components/error-notice";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { notifyDone } from "@/lib/notify";
import { type Home, type Runbook, runbookQuery } from "./api";
import { RunOptions } from "./run-options";
import { barredBy, NEW_PLAN, type Plan, parametersOf, placesOf } from "./run-plan";
import { RunPreviews } from "./run-previews";
import { RunWhat } from "./run-what";
import { RunWhere } from "./run-where";
import classes from "./runbooks.module.css";
import { useRun } from "./runs-api";
import { keepBranch, useHomeOf } from "./use-home";

const PATH = "/app/$space/projects/$project/runbooks/$runbook";

/** The form for a run: what, where, for whom, with which values. */
export function RunScreen() {
  const params = useParams({ from: `/shell${PATH}/run` });
  const project = useQuery(projectQuery(params.space, params.project));
  if (project.data) return <OfProject project={project.data} />;
  return (
    <Page title="Run" crumbs={[{ text: "Projects", to: `/app/${params.space}/projects` }]}>
      <Loaded query={project} what="The project">
        {() => null}
      </Loaded>
    </Page>
  );
}

function OfProject({ project }: { project: Project }) {
  const { space, project: named, runbook: id } = useParams({ from: `/shell${PATH}/run` });
  const home = useHomeOf(space, project);
  const runbook = useQuery(runbookQuery(home, id));
  const at = `/app/${space}/projects/${named}`;
  return (
    <Page
      title={`Run ${runbook.data?.Name ?? id}`}
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.Name, to: at },
        { text: "Runbooks", to: `${at}/runbooks` },
        { text: runbook.data?.Name ?? id, to: `${at}/runbooks/${id}` },
      ]}
      actions={home.branch !== null && <BranchPicker space={space} project={project} />}
    >
      <Stack maw={860}>
        <Loaded query={runbook} what="The runbook">
          {(data) => <RunForm key={home.branch} home={home} runbook={data} />}
        </Loaded>
      </Stack>
    </Page>
  );
}

function RunForm({ home, runbook }: { home: Home; runbook: Runbook }) {
  const params = useParams({ from: `/shell${PATH}/run` });
  const search = useSearch({ from: `/shell${PATH}/run` });
  const navigate = useNavigate();
  const running = useRun(home, runbook.Id);
  const [plan, setPlan] = useState<Plan>({
    ...NEW_PLAN,
    environments: search.environment ? [search.environment] : [],
    tenants: search.tenant ? [search.tenant] : [],
  });
  const [problems, setProblems] = useState<string[]>([]);
  const set = (patch: Partial<Plan>) => setPlan((old) => ({ ...old, ...patch }));
  const snapshot = snapshotFor(home, runbook, search.snapshot);
  const barred =
    barredBy(plan, runbook.MultiTenancyMode === "Tenanted") ??
    (problems.length > 0 ? "It would be refused: see what stands against it above." : null);
  const rights = useRights();
  const at = (environment: string | undefined) => ({ space: home.space, project: runbook.ProjectId, environment });
  const missed = plan.environments.find((one) => !rights.allows("RunbookRunCreate", at(one))) ?? plan.environments[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (barred) return;
    running.mutate(parametersOf(plan, snapshot), {
      onSuccess: (runs) => {
        const [first] = runs;
        if (first && runs.length === 1) {
          void navigate({ to: "/app/$space/tasks/$task", params: { space: home.space, task: first.TaskId } });
          return;
        }
        notifyDone(`${runs.length} runs are queued.`);
        void navigate({ to: `${PATH}/runs`, params, search: keepBranch });
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <RunWhat home={home} runbook={runbook} snapshot={snapshot} />
        <RunWhere home={home} runbook={runbook} plan={plan} set={set} />
        <RunPreviews
          home={home}
          subject={{ runbook: runbook.Id, snapshot }}
          places={placesOf(plan)}
          plan={plan}
          set={set}
          onProblems={setProblems}
        />
        <RunOptions space={home.space} plan={plan} set={set} />
        <Panel>
          <Textarea
            label="Comments"
            description="Shown with the run; for example why it is done."
            autosize
            minRows={2}
            value={plan.comments}
            onChange={(event) => set({ comments: event.currentTarget.value })}
          />
        </Panel>
        {running.isError && <ErrorNotice error={running.error} title="The run was not started" />}
        <Group className={classes.foot}>
          <ActionButton
            type="submit"
            loading={running.isPending}
            barred={barred}
            need={{ permission: "RunbookRunCreate", ...at(missed) }}
            leftSection={<IconPlayerPlay size={17} />}
          >
            {plan.at ? "Schedule" : "Run"}
          </ActionButton>
        </Group>
      </Stack>
    </form>
  );
}

/** The word in the address for the runbook as it is now. */
export const DRAFT = "draft";

/** What the address names, else what is published; null means the runbook as it is now. */
function snapshotFor(home: Home, runbook: Runbook, named: string | undefined): string | null {
  if (home.branch !== null || named === DRAFT) return null;
  return named ?? runbook.PublishedRunbookSnapshotId;
}
