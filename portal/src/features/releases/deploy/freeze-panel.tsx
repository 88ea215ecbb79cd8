import { Checkbox, Stack, Text, Textarea } from "@mantine/core";
import { IconSnowflake } from "@tabler/icons-react";
import { Notice } from "@/components/notice";
import { useMay } from "@/components/permitted";
import { exactTime } from "@/lib/time";
import { endOf, type Freeze } from "../place-facts";

export interface Override {
  isWanted: boolean;
  reason: string;
}

interface Props {
  space: string;
  projectId: string;
  freezes: readonly Freeze[];
  isLater: boolean;
  override: Override;
  onOverride: (override: Override) => void;
}

/** What is frozen now, and the way past it for those who may go it. */
export function FreezePanel({ space, projectId, freezes, isLater, override, onOverride }: Props) {
  const administers = useMay({ permission: "DeploymentFreezeAdminister" });
  const editsProject = useMay({ permission: "ProjectEdit", space, project: projectId });
  if (freezes.length === 0) return null;
  const mayPass = administers || (editsProject && freezes.every((one) => one.OwnerId === projectId));
  return (
    <Notice tone="waiting" icon={IconSnowflake} title="Deployments are frozen there">
      <Stack gap="xs">
        {freezes.map((one) => {
          const end = endOf(one);
          return (
            <Text key={one.Id} size="sm">
              {one.Name}
              {end && `, until ${exactTime(end)}`}
              {one.Description && `: ${one.Description}`}
            </Text>
          );
        })}
        {isLater && <Text size="sm">What counts for a deployment that begins later is whether it is frozen then.</Text>}
        {mayPass ? (
          <Checkbox
            label="Deploy in spite of the freeze"
            description="It is kept in the audit trail, with your reason."
            checked={override.isWanted}
            onChange={(event) => onOverride({ ...override, isWanted: event.currentTarget.checked })}
          />
        ) : (
          <Text size="sm" c="dimmed">
            To deploy in spite of it needs the permission DeploymentFreezeAdminister.
          </Text>
        )}
        {mayPass && override.isWanted && (
          <Textarea
            label="Reason"
            autosize
            minRows={2}
            maw={520}
            required
            withAsterisk={false}
            value={override.reason}
            onChange={(event) => onOverride({ ...override, reason: event.currentTarget.value })}
          />
        )}
      </Stack>
    </Notice>
  );
}

/** The freezes that are named by the problems of a preview, which say `The deployment freeze 'name' holds until …`. */
export function freezesNamed(freezes: readonly Freeze[], problems: Iterable<string>): Freeze[] {
  const sentences = [...problems];
  return freezes.filter((one) => sentences.some((text) => isAbout(text, one)));
}

export function isAbout(problem: string, freeze: Freeze): boolean {
  return problem.startsWith(`The deployment freeze '${freeze.Name}' holds`);
}
