import { Text } from "@mantine/core";
import type { ActionFormProps } from "../form/context";
import { PackageFields } from "../form/package-fields";
import { Section } from "../form/section";
import { primaryOf, withPrimary } from "../model/packages";

/** A kind that this server does not run: its properties can be edited by name, and are all kept. */
export function UnknownKind({ action, change }: ActionFormProps) {
  const primary = primaryOf(action);
  return (
    <Section title="Kind of step" summary={action.ActionType} open>
      <Text size="sm">
        This server does not run steps of the kind <code>{action.ActionType}</code>: a deployment that has one is
        refused. Disable the step, or replace it by one that runs here, such as a script. All that it says is kept,
        below under All properties.
      </Text>
      {primary && (
        <PackageFields value={primary} onChange={(patch, joins) => change((old) => withPrimary(old, patch), joins)} />
      )}
    </Section>
  );
}
