import { Badge, Box, Button, Group, Menu, Stack, Text } from "@mantine/core";
import { IconArrowsSplit, IconX } from "@tabler/icons-react";
import { Prose } from "@/components/markdown";
import { isGiven, type Parameter, type ParameterValue, wordsOf } from "@/components/parameters/controls";
import { ParameterField } from "@/components/parameters/parameter-field";
import { type Given, isMissing } from "./model";
import classes from "./tenants.module.css";

interface Props {
  space: string;
  template: Parameter;
  given: readonly Given[];
  environmentName: (id: string) => string;
  /** Why a value cannot be changed: the user may not in some of its environments. */
  barred: (given: Given) => string | null;
  onChange: (key: string, value: ParameterValue) => void;
  onSplit: (key: string, environment: string) => void;
}

/** A template with the values that the tenant gives it, one for each group of environments. */
export function TemplateLine({ space, template, given, environmentName, barred, onChange, onSplit }: Props) {
  const title = template.Label || template.Name;
  return (
    <div className={classes.line}>
      <div className={classes.about}>
        <Text size="sm" fw={500}>
          {title}
        </Text>
        {title !== template.Name && (
          <Text size="xs" c="dimmed">
            {template.Name}
          </Text>
        )}
        {template.HelpText && (
          <Box c="dimmed" className={classes.help}>
            <Prose text={template.HelpText} />
          </Box>
        )}
      </div>
      <Stack gap="sm" className={classes.values}>
        {given.map((one) => (
          <Value
            key={one.key}
            space={space}
            title={title}
            one={one}
            environmentName={environmentName}
            reason={barred(one)}
            onChange={(value) => onChange(one.key, value)}
            onSplit={(environment) => onSplit(one.key, environment)}
          />
        ))}
      </Stack>
    </div>
  );
}

interface ValueProps {
  space: string;
  title: string;
  one: Given;
  environmentName: (id: string) => string;
  reason: string | null;
  onChange: (value: ParameterValue) => void;
  onSplit: (environment: string) => void;
}

function Value({ space, title, one, environmentName, reason, onChange, onSplit }: ValueProps) {
  const places = one.environments.map(environmentName).join(", ");
  const fallback = wordsOf(one.template.DefaultValue);
  const missing = isMissing(one);
  const isOwn = isGiven(one.value);
  return (
    <div>
      <ParameterField
        space={space}
        parameter={one.template}
        label={places || "All environments"}
        placeholder={isOwn ? undefined : fallback ? `${fallback} (the default)` : undefined}
        value={one.value ?? (one.template.DisplaySettings["Octopus.ControlType"] === "Checkbox" ? fallback : null)}
        disabled={reason !== null}
        onChange={onChange}
      />
      <Group gap={8} mt={4}>
        {missing && <Badge color="yellow">Needs a value</Badge>}
        {!missing && !isOwn && (
          <Text size="xs" c="dimmed">
            The default holds.
          </Text>
        )}
        {reason && (
          <Text size="xs" c="dimmed">
            {reason}
          </Text>
        )}
        {isOwn && !reason && (
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            leftSection={<IconX size={12} />}
            aria-label={`Remove the value of ${title} in ${places || "all environments"}`}
            onClick={() => onChange(null)}
          >
            Remove
          </Button>
        )}
        {one.environments.length > 1 && !reason && (
          <Menu>
            <Menu.Target>
              <Button size="compact-xs" variant="subtle" color="gray" leftSection={<IconArrowsSplit size={12} />}>
                Another value for…
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {one.environments.map((id) => (
                <Menu.Item key={id} onClick={() => onSplit(id)}>
                  {environmentName(id)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Group>
    </div>
  );
}
