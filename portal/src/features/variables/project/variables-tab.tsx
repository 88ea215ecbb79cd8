import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Project } from "@/api/reference";
import { useBranch } from "@/components/branch-picker";
import { Loaded } from "@/components/loaded";
import { useProject } from "@/lib/use-project";
import { branchVariablesQuery, useSaveOnBranch, useSaveSet, type VariableSet, variableSetQuery } from "../api";
import type { Owner } from "../editor/owner";
import type { VariableSearch } from "../editor/search";
import { VariablesEditor } from "../editor/variables-editor";
import { ExplainDrawer } from "../explain/explain-drawer";

/** A project's own variables. */
export function VariablesTab() {
  const { space, project } = useProject();
  const branch = useBranch(project);
  const owner = useMemo<Owner>(
    () => ({ kind: "project", id: project.Id, space, name: project.Name }),
    [project, space],
  );
  return branch === null ? (
    <InDatabase project={project} owner={owner} />
  ) : (
    <OnBranch key={branch} project={project} branch={branch} owner={owner} />
  );
}

interface Props {
  project: Project;
  owner: Owner;
}

function InDatabase({ project, owner }: Props) {
  const set = useQuery(variableSetQuery(owner.space, project.VariableSetId));
  const save = useSaveSet(owner.space, project.VariableSetId);
  const explain = useGoToExplain();
  return (
    <Loaded query={set} what="The variables" rows={8}>
      {(saved) => (
        <>
          <VariablesEditor owner={owner} id={saved.Id} saved={saved} save={save} empty={EMPTY} onExplain={explain} />
          <Explain project={project} owner={owner} saved={saved} branch={null} />
        </>
      )}
    </Loaded>
  );
}

function OnBranch({ project, branch, owner }: Props & { branch: string }) {
  const set = useQuery(branchVariablesQuery(owner.space, project, branch));
  const save = useSaveOnBranch(owner.space, project, branch);
  const explain = useGoToExplain();
  return (
    <Loaded query={set} what="The variables" rows={8}>
      {(saved) => (
        <>
          <VariablesEditor
            owner={owner}
            id={`${saved.Id}@${branch}`}
            saved={saved}
            save={save}
            takesMessage
            empty={EMPTY}
            onExplain={explain}
          />
          <Explain project={project} owner={owner} saved={saved} branch={branch} />
        </>
      )}
    </Loaded>
  );
}

const EMPTY = (
  <>
    What differs between environments or targets goes here, and is put into scripts and files by{" "}
    <code>{"#{Name}"}</code>. Lines from a spreadsheet or a .env file can be pasted.
  </>
);

/** Beside the editor, as the address says. */
function Explain({ project, owner, saved, branch }: Props & { saved: VariableSet; branch: string | null }) {
  const search: VariableSearch = useSearch({ strict: false });
  const looked = { space: owner.space, project: project.Id, branch };
  return (
    <ExplainDrawer
      looked={looked}
      isTenanted={project.TenantedDeploymentMode !== "Untenanted"}
      search={search}
      values={saved.ScopeValues}
    />
  );
}

/** Opens the explanation of a variable; of none yet where it is to be chosen there. */
function useGoToExplain(): (name: string | null) => void {
  const navigate = useNavigate();
  return (name) =>
    void navigate({
      to: ".",
      search: ((old: object) => ({ ...old, explain: name ?? "?" })) as never,
      resetScroll: false,
    });
}
