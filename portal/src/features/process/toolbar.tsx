import { Button, CloseButton, Group, Select, TextInput } from "@mantine/core";
import { IconBraces, IconPlus, IconSearch } from "@tabler/icons-react";
import type { Environment } from "@/api/reference";
import { BranchPicker } from "@/components/branch-picker";
import { ActionButton } from "@/components/permitted";
import type { Process } from "./model/document";
import type { Subject } from "./subject";

export interface Sight {
  words: string;
  environment: string | null;
}

interface Props<P extends Process> {
  subject: Subject<P>;
  environments: readonly Environment[];
  sight: Sight;
  onSight: (sight: Sight) => void;
  onAdd: () => void;
  onJson: () => void;
}

/** Above the steps: the branch, what of the steps is looked at, and the way to another step. */
export function Toolbar<P extends Process>({ subject, environments, sight, onSight, onAdd, onJson }: Props<P>) {
  const { words } = sight;
  return (
    <Group mb="md" gap="xs">
      <ActionButton leftSection={<IconPlus size={16} />} need={subject.need} onClick={onAdd}>
        Add a step
      </ActionButton>
      <BranchPicker space={subject.space} project={subject.project} />
      {subject.saved.Steps.length > 0 && (
        <>
          <TextInput
            type="search"
            aria-label="Find a step"
            placeholder="Find a step"
            leftSection={<IconSearch size={15} />}
            rightSection={
              words && (
                <CloseButton size="sm" aria-label="Clear the words" onClick={() => onSight({ ...sight, words: "" })} />
              )
            }
            value={words}
            onChange={(event) => onSight({ ...sight, words: event.currentTarget.value })}
            w={190}
          />
          <Select
            aria-label="Look at one environment"
            placeholder="In all environments"
            data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
            value={sight.environment}
            onChange={(environment) => onSight({ ...sight, environment })}
            clearable
            w={200}
          />
        </>
      )}
      <Button variant="default" ml="auto" leftSection={<IconBraces size={16} />} onClick={onJson}>
        JSON
      </Button>
    </Group>
  );
}
