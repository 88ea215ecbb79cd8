import { Autocomplete, Text } from "@mantine/core";
import { DataTable, NameCell } from "@/components/data-table";
import { Panel } from "@/components/page";
import type { Release, Template } from "./api";

type Asked = Template["GitResources"][number];

/** The chosen branch, tag or commit of each repository, by action and name; what is not in it gets the default branch. */
export type GitRefs = Record<string, string>;

function keyOf(one: Pick<Asked, "ActionName" | "Name">): string {
  return `${one.ActionName}/${one.Name}`;
}

/** What the API is given of the choices. */
export function gitChoicesOf(template: Template, refs: GitRefs): Release["SelectedGitResources"] {
  return template.GitResources.filter((one) => refs[keyOf(one)]?.trim()).map((one) => ({
    ActionName: one.ActionName,
    GitResourceReferenceName: one.Name,
    GitReferenceResource: { GitRef: refs[keyOf(one)]?.trim() ?? null, GitCommit: null, VariablesGitCommit: null },
  }));
}

interface Props {
  template: Template;
  refs: GitRefs;
  onRefs: (refs: GitRefs) => void;
}

/** Which branch, tag or commit steps take their files from. */
export function GitChoices({ template, refs, onRefs }: Props) {
  if (template.GitResources.length === 0) return null;
  return (
    <Panel title="Files from Git" flush>
      <DataTable
        label="Files from Git"
        rows={template.GitResources}
        keyOf={keyOf}
        minWidth={480}
        columns={[
          {
            head: "Step",
            cell: (one) => (
              <NameCell name={one.Name ? `${one.ActionName} (${one.Name})` : one.ActionName}>
                {one.RepositoryUri}
              </NameCell>
            ),
          },
          {
            head: "Last release",
            width: 150,
            dimmed: true,
            wideOnly: true,
            cell: (one) => <Text size="sm">{lastOf(one) ?? "–"}</Text>,
          },
          {
            head: "Branch, tag or commit",
            width: 280,
            cell: (one) => (
              <Autocomplete
                aria-label={`Branch, tag or commit for ${one.ActionName}`}
                placeholder={one.DefaultBranch}
                data={[...new Set([one.DefaultBranch, lastOf(one)].filter((ref) => ref !== null))]}
                value={refs[keyOf(one)] ?? one.DefaultBranch}
                onChange={(ref) => onRefs({ ...refs, [keyOf(one)]: ref })}
              />
            ),
          },
        ]}
      />
    </Panel>
  );
}

function lastOf(one: Asked): string | null {
  return one.GitResourceSelectedLastRelease?.GitRef ?? one.GitResourceSelectedLastRelease?.GitCommit ?? null;
}
