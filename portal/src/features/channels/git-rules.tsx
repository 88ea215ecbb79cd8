import { ActionIcon, Button, Group, MultiSelect, Stack, TagsInput, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type Place, processPlacesQuery } from "@/api/process-places";
import type { Channel } from "@/api/reference";
import { Panel } from "@/components/page";
import type { Form } from "@/lib/use-form";
import type { GitRule } from "./api";
import classes from "./channels.module.css";

interface Props {
  space: string;
  project: string;
  branch: string | null;
  form: Form<Channel>;
}

const PATTERNS = "Patterns such as main or release/*; with none, any may be used.";

/** From which branches and tags releases, and the files of their steps, may come. Only where there is something in Git. */
export function GitRules({ space, project, branch, form }: Props) {
  const places = useQuery(processPlacesQuery(space, project, branch)).data?.repositories ?? [];
  const { GitReferenceRules, GitResourceRules: rules } = form.value;
  const isShown = branch !== null || places.length > 0 || rules.length > 0 || GitReferenceRules.length > 0;
  if (!isShown) return null;
  const change = (index: number, next: GitRule) =>
    form.set({ GitResourceRules: rules.map((one, place) => (place === index ? next : one)) });
  return (
    <Panel title="Git rules">
      <Stack gap="md">
        {(branch !== null || GitReferenceRules.length > 0) && (
          <TagsInput
            label="Branches and tags that releases may be made from"
            description={PATTERNS}
            value={GitReferenceRules}
            onChange={(patterns) => form.set({ GitReferenceRules: patterns })}
            error={form.fault("GitReferenceRules")}
            acceptValueOnBlur
            clearable
          />
        )}
        {rules.map((rule, index) => (
          <OneRule
            // biome-ignore lint/suspicious/noArrayIndexKey: rules that are not saved yet have no id
            key={index}
            number={index + 1}
            rule={rule}
            places={places}
            onChange={(next) => change(index, next)}
            onRemove={() => form.set({ GitResourceRules: rules.filter((_, place) => place !== index) })}
          />
        ))}
        {places.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconPlus size={15} />}
            onClick={() => form.set({ GitResourceRules: [...rules, { Id: "", GitDependencyActions: [], Rules: [] }] })}
            style={{ alignSelf: "flex-start" }}
          >
            Add a rule for files of steps
          </Button>
        )}
      </Stack>
    </Panel>
  );
}

interface RuleProps {
  number: number;
  rule: GitRule;
  places: Place[];
  onChange: (rule: GitRule) => void;
  onRemove: () => void;
}

function OneRule({ number, rule, places, onChange, onRemove }: RuleProps) {
  const keyOf = (one: Place) => `${one.slug}/${one.name}`;
  const chosen = rule.GitDependencyActions.map((one) => `${one.DeploymentActionSlug}/${one.GitDependencyName}`);
  const gone = chosen.filter((key) => !places.some((one) => keyOf(one) === key));
  const choose = (keys: string[]) =>
    onChange({
      ...rule,
      GitDependencyActions: keys.map((key) => {
        const cut = key.indexOf("/");
        return { DeploymentActionSlug: key.slice(0, cut), GitDependencyName: key.slice(cut + 1) };
      }),
    });
  return (
    <fieldset className={classes.rule}>
      <legend className="spoken">Git rule {number}</legend>
      <Group justify="space-between" mb={6}>
        <Text fw={500} size="sm">
          Files of steps, rule {number}
        </Text>
        <ActionIcon aria-label={`Remove Git rule ${number}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Stack gap="xs">
        <MultiSelect
          label="Files of"
          searchable
          hidePickedOptions
          data={[
            ...places.map((one) => ({ value: keyOf(one), label: one.title })),
            ...gone.map((key) => ({ value: key, label: `${key} (not there now)` })),
          ]}
          value={chosen}
          onChange={choose}
        />
        <TagsInput
          label="Branches and tags"
          description={PATTERNS}
          value={rule.Rules}
          onChange={(Rules) => onChange({ ...rule, Rules })}
          acceptValueOnBlur
          clearable
        />
      </Stack>
    </fieldset>
  );
}
