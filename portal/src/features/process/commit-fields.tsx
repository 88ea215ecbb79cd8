import { Checkbox, Group, TextInput } from "@mantine/core";

export interface Commit {
  message: string;
  /** The name of a branch that is made for the commit; null commits to the branch that is shown. */
  newBranch: string | null;
}

interface Props {
  branch: string;
  isProtected: boolean;
  value: Commit;
  onChange: (value: Commit) => void;
}

/** How a change of a project in Git is committed. */
export function CommitFields({ branch, isProtected, value, onChange }: Props) {
  const isNew = value.newBranch !== null;
  return (
    <Group gap="xs">
      <TextInput
        aria-label="What was changed"
        placeholder="What was changed, for the commit"
        w={260}
        value={value.message}
        onChange={(event) => onChange({ ...value, message: event.currentTarget.value })}
      />
      <Checkbox
        label={isProtected ? `To a new branch: ${branch} is protected` : "To a new branch"}
        checked={isNew}
        onChange={(event) => onChange({ ...value, newBranch: event.currentTarget.checked ? "" : null })}
      />
      {isNew && (
        <TextInput
          aria-label="Name of the new branch"
          placeholder="change-the-process"
          w={190}
          value={value.newBranch ?? ""}
          onChange={(event) => onChange({ ...value, newBranch: event.currentTarget.value })}
        />
      )}
    </Group>
  );
}
