import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Project, projectQuery } from "@/api/reference";
import { useBranch } from "@/components/branch-picker";
import { Loaded } from "@/components/loaded";
import {
  deploymentProcessQuery,
  runbookProcessQuery,
  runbookQuery,
  useSaveDeploymentProcess,
  useSaveRunbookProcess,
} from "./api";
import { ProcessEditor } from "./editor";

/** What a deployment of the project does. */
export function DeploymentProcessTab() {
  const { space = "", project: named = "" } = useParams({ strict: false });
  const project = useQuery(projectQuery(space, named));
  return (
    <Loaded query={project} what="The project">
      {(found) => <OfProject space={space} project={found} />}
    </Loaded>
  );
}

function OfProject({ space, project }: { space: string; project: Project }) {
  const branch = useBranch(project);
  const process = useQuery(deploymentProcessQuery(space, project.Id, branch));
  const saving = useSaveDeploymentProcess(space, project.Id);
  return (
    <Loaded query={process} what="The process" rows={8}>
      {(saved) => (
        <ProcessEditor
          key={`${project.Id} ${branch}`}
          subject={{
            space,
            project,
            branch,
            saved,
            isRunbook: false,
            draftId: `process:${project.Id}:${branch ?? ""}`,
            need: { permission: "ProcessEdit", space, project: project.Id },
            owner: "this project",
            fileName: `${project.Slug}-process`,
            save: (process, message, to) => saving.mutateAsync({ process, message, branch: to }),
            refetch: process.refetch,
          }}
        />
      )}
    </Loaded>
  );
}

/** What a run of the runbook does. */
export function RunbookProcessTab() {
  const { space = "", project: named = "", runbook: called = "" } = useParams({ strict: false }) as Named;
  const project = useQuery(projectQuery(space, named));
  return (
    <Loaded query={project} what="The project">
      {(found) => <OfRunbook space={space} project={found} named={called} />}
    </Loaded>
  );
}

/** The runbook's route is declared elsewhere. */
interface Named {
  space?: string;
  project?: string;
  runbook?: string;
}

function OfRunbook({ space, project, named }: { space: string; project: Project; named: string }) {
  const branch = useBranch(project);
  const inGit = project.PersistenceSettings?.ConversionState?.RunbooksAreInGit ? branch : null;
  const runbook = useQuery(runbookQuery(space, project.Id, named, inGit));
  const id = runbook.data?.RunbookProcessId ?? "";
  const process = useQuery({ ...runbookProcessQuery(space, project.Id, id, inGit), enabled: id !== "" });
  const saving = useSaveRunbookProcess(space, project.Id, id);
  const shown = runbook.isError ? runbook : process;
  return (
    <Loaded query={shown as typeof process} what="The process of the runbook" rows={8}>
      {(saved) => (
        <ProcessEditor
          key={`${id} ${inGit}`}
          subject={{
            space,
            project,
            branch: inGit,
            saved,
            isRunbook: true,
            draftId: `runbook-process:${id}:${inGit ?? ""}`,
            need: { permission: "RunbookEdit", space, project: project.Id },
            owner: "this runbook",
            fileName: `${project.Slug}-${named}-process`,
            save: (process, message, to) => saving.mutateAsync({ process, message, branch: to }),
            refetch: process.refetch,
          }}
        />
      )}
    </Loaded>
  );
}
