import { ActionIcon, Autocomplete, Button, Group, MultiSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Channel } from "@/api/reference";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import type { Form } from "@/lib/use-form";
import { type PackagePlace, packagePlacesQuery, type Rule, tagOf } from "./api";
import classes from "./channels.module.css";
import { keyOfPlace, namePlace, placeKey, placeOfKey, TAG_WORDS } from "./rules";

interface Props {
  space: string;
  project: string;
  branch: string | null;
  form: Form<Channel>;
}

const NEW: Rule = {
  Id: "",
  ActionPackages: [],
  Tag: "",
  VersionRange: "",
  VersionTagRegex: null,
  VersioningStrategy: null,
};

/** Which versions of packages a release of the channel may have. */
export function RuleList({ space, project, branch, form }: Props) {
  const places = useQuery(packagePlacesQuery(space, project, branch));
  const rules = form.value.Rules;
  const change = (index: number, next: Rule) =>
    form.set({ Rules: rules.map((one, place) => (place === index ? next : one)) });
  return (
    <Panel
      title="Version rules"
      aside={
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={15} />}
          onClick={() => form.set({ Rules: [...rules, NEW] })}
        >
          Add a rule
        </Button>
      }
    >
      <Loaded query={places} what="The packages of the process">
        {(known) => (
          <Stack gap="md">
            {rules.length === 0 && (
              <Text size="sm" c="dimmed">
                Without a rule, packages may have any version.
                {known.length === 0 && " The process has no package yet, so there is nothing to make rules for."}
              </Text>
            )}
            {rules.map((rule, index) => (
              <RuleFields
                // biome-ignore lint/suspicious/noArrayIndexKey: rules that are not saved yet have no id
                key={index}
                number={index + 1}
                rule={rule}
                places={known}
                onChange={(next) => change(index, next)}
                onRemove={() => form.set({ Rules: rules.filter((_, place) => place !== index) })}
              />
            ))}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}

interface RuleProps {
  number: number;
  rule: Rule;
  places: PackagePlace[];
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

function RuleFields({ number, rule, places, onChange, onRemove }: RuleProps) {
  const chosen = rule.ActionPackages.map(placeKey);
  const known = places.map((one) => ({ value: keyOfPlace(one), label: namePlace(one) }));
  const gone = chosen.filter((key) => !known.some((one) => one.value === key));
  return (
    <fieldset className={classes.rule}>
      <legend className="spoken">Rule {number}</legend>
      <Group justify="space-between" mb={6}>
        <Text fw={500} size="sm">
          Rule {number}
        </Text>
        <ActionIcon aria-label={`Remove rule ${number}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <div className={classes.ruleFields}>
        <MultiSelect
          label="Packages of"
          description="The steps that it is for."
          placeholder={chosen.length === 0 ? "Choose steps" : undefined}
          searchable
          hidePickedOptions
          data={[...known, ...gone.map((key) => ({ value: key, label: `${key.replace(/\/$/, "")} (not there now)` }))]}
          value={chosen}
          onChange={(keys) => onChange({ ...rule, ActionPackages: keys.map(placeOfKey) })}
          error={chosen.length === 0 ? "Choose the steps whose packages it is for." : undefined}
        />
        <TextInput
          label="Version range"
          description="Such as [1.0,2.0); any when empty."
          value={rule.VersionRange}
          onChange={(event) => onChange({ ...rule, VersionRange: event.currentTarget.value })}
        />
        <Autocomplete
          label="Pre-release tag"
          description={TAG_WORDS[tagOf(rule)] ?? "A regular expression; any when empty."}
          data={Object.keys(TAG_WORDS)}
          filter={({ options }) => options}
          renderOption={({ option }) => (
            <div>
              <code>{option.value}</code>
              <Text size="xs" c="dimmed">
                {TAG_WORDS[option.value]}
              </Text>
            </div>
          )}
          value={tagOf(rule)}
          onChange={(tag) => onChange({ ...rule, Tag: tag, VersionTagRegex: null })}
        />
      </div>
    </fieldset>
  );
}
