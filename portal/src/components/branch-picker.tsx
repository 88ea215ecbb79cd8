import { ActionIcon, Button, Combobox, Group, Loader, Text, useCombobox } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChevronDown, IconGitBranch, IconLock, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { type Branch, branchesQuery, defaultBranchOf, isInGit, useFetchBranches } from "@/api/branches";
import type { Project } from "@/api/reference";
import { textOf } from "@/lib/search";
import classes from "./branch-picker.module.css";
import { ErrorNotice } from "./error-notice";
import { NewBranch } from "./new-branch";
import { useMay } from "./permitted";
import { Ago } from "./time";

type Stored = Pick<Project, "PersistenceSettings">;

/**
 * The branch whose process, variables and runbooks are shown: the one that the address names with `branch`, else the
 * project's default. Null for a project that is kept in the database.
 */
export function useBranch(project: Stored): string | null {
  const search: Record<string, unknown> = useSearch({ strict: false });
  if (!isInGit(project)) return null;
  return textOf(search.branch) ?? defaultBranchOf(project);
}

/** Goes to a branch on the screen that is shown. */
export function useGoToBranch(project: Stored): (branch: string) => void {
  const navigate = useNavigate();
  const search = (branch: string) => (old: Record<string, unknown>) => ({
    ...old,
    branch: branch === defaultBranchOf(project) ? undefined : branch,
  });
  return (branch) => void navigate({ to: ".", search: search(branch) as never, resetScroll: false });
}

interface Props {
  space: string;
  project: Project;
}

/** Chooses the branch of a project in Git, in the address; nothing where the project is in the database. */
export function BranchPicker({ space, project }: Props) {
  const branch = useBranch(project);
  const [isMaking, setMaking] = useState(false);
  const go = useGoToBranch(project);
  if (branch === null) return null;
  return (
    <>
      <Choice space={space} project={project} branch={branch} onChoose={go} onNew={() => setMaking(true)} />
      {isMaking && (
        <NewBranch space={space} project={project} from={branch} onMade={go} onClose={() => setMaking(false)} />
      )}
    </>
  );
}

const NEW = " new";

interface ChoiceProps extends Props {
  branch: string;
  onChoose: (branch: string) => void;
  onNew: () => void;
}

function Choice({ space, project, branch, onChoose, onNew }: ChoiceProps) {
  const [words, setWords] = useState("");
  const box = useCombobox({
    onDropdownClose: () => setWords(""),
    onDropdownOpen: () => box.focusSearchInput(),
  });
  const mayMake = useMay({ permission: "ProjectEdit", space, project: project.Id });
  const submit = (value: string) => {
    box.closeDropdown();
    if (value === NEW) onNew();
    else if (value !== branch) onChoose(value);
  };
  return (
    <Combobox store={box} onOptionSubmit={submit} width={320} position="bottom-start" withinPortal>
      <Combobox.Target targetType="button">
        <Button
          variant="default"
          leftSection={<IconGitBranch size={16} />}
          rightSection={<IconChevronDown size={14} />}
          aria-label={`Branch: ${branch}`}
          onClick={() => box.toggleDropdown()}
        >
          <span className={classes.name}>{branch}</span>
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          placeholder="Find a branch"
          aria-label="Find a branch"
          rightSection={<FetchButton space={space} project={project} />}
          rightSectionPointerEvents="all"
        />
        <Combobox.Options mah={280} style={{ overflowY: "auto" }}>
          <Branches space={space} project={project} chosen={branch} words={words} />
        </Combobox.Options>
        {mayMake && (
          <Combobox.Footer>
            <Combobox.Options>
              <Combobox.Option value={NEW}>Create a branch from {branch}</Combobox.Option>
            </Combobox.Options>
          </Combobox.Footer>
        )}
      </Combobox.Dropdown>
    </Combobox>
  );
}

function FetchButton({ space, project }: Props) {
  const fetching = useFetchBranches(space, project.Id);
  if (fetching.isPending) return <Loader size="xs" />;
  return (
    <ActionIcon size="sm" aria-label="Ask the repository for its branches" onClick={() => fetching.mutate()}>
      <IconRefresh size={15} />
    </ActionIcon>
  );
}

function Branches({ space, project, chosen, words }: Props & { chosen: string; words: string }) {
  const [sought] = useDebouncedValue(words.trim(), 200);
  const found = useQuery(branchesQuery(space, project.Id, sought));
  if (found.isError) return <ErrorNotice error={found.error} title="The branches could not be read" />;
  if (!found.data) return <Combobox.Empty>Reading the branches</Combobox.Empty>;
  if (found.data.Items.length === 0) return <Combobox.Empty>No branch has such a name.</Combobox.Empty>;
  const more = found.data.TotalResults - found.data.Items.length;
  return (
    <>
      {found.data.Items.map((one) => (
        <Combobox.Option key={one.CanonicalName} value={one.Name} active={one.Name === chosen}>
          <BranchLine branch={one} isChosen={one.Name === chosen} isDefault={one.Name === defaultBranchOf(project)} />
        </Combobox.Option>
      ))}
      {more > 0 && <Combobox.Empty>{more} more: type to find them.</Combobox.Empty>}
    </>
  );
}

function BranchLine({ branch, isChosen, isDefault }: { branch: Branch; isChosen: boolean; isDefault: boolean }) {
  const marks = [isChosen && "shown now", isDefault && "default", branch.IsProtected && "protected"].filter(Boolean);
  return (
    <div>
      <Group gap={6} wrap="nowrap">
        <Text size="sm" fw={isChosen ? 600 : 500} className={classes.option}>
          {branch.Name}
        </Text>
        {branch.IsProtected && <IconLock size={13} aria-hidden />}
      </Group>
      <Text size="xs" c="dimmed">
        {marks.length > 0 && `${marks.join(", ")} · `}
        {branch.LastModifiedOn && <Ago at={branch.LastModifiedOn} />}
        {branch.LastModifiedBy && ` by ${branch.LastModifiedBy}`}
      </Text>
    </div>
  );
}
