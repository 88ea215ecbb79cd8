import { Button, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Panel } from "@/components/page";
import { RetentionField } from "@/components/retention-field";
import { keptWords } from "@/lib/retention";
import { type RetentionType, spaceDefaultQuery } from "./api";
import type { Lifecycle } from "./phases";
import { RetentionPreview } from "./retention-preview";

interface Props {
  space: string;
  lifecycle: Lifecycle;
  onChange: (patch: Partial<Lifecycle>) => void;
  disabled: boolean;
}

/** How long releases and their files are kept where a phase does not say otherwise. */
export function LifecycleRetention({ space, lifecycle, onChange, disabled }: Props) {
  const [isShown, setShown] = useState(false);
  const releases = useDefaultWords(space, "LifecycleRelease", ["release", "releases"]);
  const files = useDefaultWords(space, "LifecycleTentacle", ["deployment", "deployments"]);
  return (
    <Panel
      title="Retention"
      aside={
        <Button size="compact-sm" variant="subtle" onClick={() => setShown(true)}>
          What would go now?
        </Button>
      }
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          Holds for every phase that does not say otherwise. What an environment runs now is always kept.
        </Text>
        <RetentionField
          label="Releases kept"
          inherited={`As the space says${releases}`}
          items="releases"
          value={lifecycle.ReleaseRetentionPolicy}
          onChange={(kept) => onChange({ ReleaseRetentionPolicy: kept })}
          disabled={disabled}
        />
        <RetentionField
          label="Files kept on targets"
          inherited={`As the space says${files}`}
          items="deployments"
          value={lifecycle.TentacleRetentionPolicy}
          onChange={(kept) => onChange({ TentacleRetentionPolicy: kept })}
          disabled={disabled}
        />
      </Stack>
      {isShown && <RetentionPreview space={space} lifecycle={lifecycle.Id} onClose={() => setShown(false)} />}
    </Panel>
  );
}

function useDefaultWords(space: string, of: RetentionType, items: readonly [string, string]): string {
  const { data } = useQuery(spaceDefaultQuery(space, of));
  return data ? ` (${keptWords(data, items)})` : "";
}
