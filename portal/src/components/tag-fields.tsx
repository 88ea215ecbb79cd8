import { Group, MultiSelect, type MultiSelectProps, Select, Stack, TagsInput, Text } from "@mantine/core";
import { type TagScope, type TagSet, tagParts, tagsOfSet, useTagSets, withTagsOfSet } from "@/api/tag-sets";
import { TagDot } from "./tag-chips";

interface Props {
  space: string;
  /** What the tags describe. */
  scope: TagScope;
  value: readonly string[];
  onChange: (tags: string[]) => void;
  /** The API's sentence about the tags. */
  error?: string;
}

/** The tags that something has: a field for each set that may describe it. */
export function TagFields({ space, scope, value, onChange, error }: Props) {
  const sets = useTagSets(space, scope);
  if (sets.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        There is no tag set for this yet; tag sets are made in the library.
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      {sets.map((set) => (
        <SetField
          key={set.Id}
          set={set}
          value={tagsOfSet(set, value)}
          onChange={(tags) => onChange(withTagsOfSet(set, value, tags))}
        />
      ))}
      {error && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {error}
        </Text>
      )}
    </Stack>
  );
}

function SetField({ set, value, onChange }: { set: TagSet; value: string[]; onChange: (tags: string[]) => void }) {
  const shared = { label: set.Name, description: set.Description || undefined };
  if (set.Type === "FreeText") {
    return (
      <TagsInput
        {...shared}
        placeholder={value.length === 0 ? "Type a text and press Enter" : undefined}
        value={value.map((one) => tagParts(one).tag)}
        onChange={(texts) => onChange(texts.map((text) => `${set.Name}/${text}`))}
      />
    );
  }
  if (set.Type === "SingleSelect") {
    return (
      <Select
        {...shared}
        clearable
        searchable
        placeholder="None"
        data={optionsOf(set)}
        value={value[0] ?? null}
        onChange={(tag) => onChange(tag ? [tag] : [])}
        renderOption={optionWith([set])}
      />
    );
  }
  return (
    <MultiSelect
      {...shared}
      clearable
      searchable
      hidePickedOptions
      placeholder={value.length === 0 ? "None" : undefined}
      data={optionsOf(set)}
      value={value}
      onChange={onChange}
      renderOption={optionWith([set])}
    />
  );
}

interface FilterProps {
  space: string;
  scope: TagScope;
  label: string;
  value: readonly string[];
  onChange: (tags: string[]) => void;
  w?: MultiSelectProps["w"];
  /** For lists, where the label is only read out. */
  isBare?: boolean;
}

/** Narrows a list by tags: one of each set that is named. */
export function TagFilter({ space, scope, label, value, onChange, w, isBare }: FilterProps) {
  const sets = useTagSets(space, scope).filter((set) => set.Tags.length > 0);
  if (sets.length === 0 && value.length === 0) return null;
  const known = new Set(sets.flatMap((set) => set.Tags.map((tag) => tag.CanonicalTagName)));
  const others = value.filter((one) => !known.has(one));
  return (
    <MultiSelect
      label={isBare ? undefined : label}
      aria-label={label}
      placeholder={value.length === 0 ? (isBare ? label : "Any") : undefined}
      w={w}
      clearable
      searchable
      hidePickedOptions
      data={[...others, ...sets.map((set) => ({ group: set.Name, items: optionsOf(set) }))]}
      value={[...value]}
      onChange={onChange}
      renderOption={optionWith(sets)}
      maxDropdownHeight={300}
    />
  );
}

function optionsOf(set: TagSet) {
  return set.Tags.map((tag) => ({ value: tag.CanonicalTagName, label: tag.Name }));
}

function optionWith(sets: readonly TagSet[]): MultiSelectProps["renderOption"] {
  const colors = new Map(sets.flatMap((set) => set.Tags.map((tag) => [tag.CanonicalTagName, tag.Color])));
  return ({ option }) => (
    <Group gap={8} wrap="nowrap">
      <TagDot color={colors.get(option.value)} />
      {option.label}
    </Group>
  );
}
