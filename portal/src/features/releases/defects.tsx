import { Group, Text, Textarea } from "@mantine/core";
import { IconBarrierBlock } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Project } from "@/api/reference";
import { Confirm } from "@/components/confirm";
import { FormModal } from "@/components/form";
import { Notice } from "@/components/notice";
import { ActionButton } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import type { Release } from "./api";
import { defectsQuery, useAllowProgression, usePreventProgression } from "./edit-api";

interface Props {
  space: string;
  project: Project;
  release: Release;
}

/** Says that the release is held back, why, and by whom; nothing where it is not. */
export function DefectNotice({ space, project, release }: Props) {
  const defects = useQuery(defectsQuery(space, release.Id));
  const [asks, setAsks] = useState(false);
  const allowing = useAllowProgression(space, release.Id);
  const held = defects.data?.find((one) => one.Status === "Unresolved");
  if (!held) return null;
  return (
    <div style={{ marginBottom: 16 }}>
      <Notice tone="failed" icon={IconBarrierBlock} title="The progression of this release is prevented">
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {held.Description}
        </Text>
        <Text size="sm" c="dimmed">
          {held.LastModifiedBy && `By ${held.LastModifiedBy} `}
          {held.LastModifiedOn && <Ago at={held.LastModifiedOn} />}. Environments where it has succeeded can still get
          it again; those that come after cannot.
        </Text>
        <Group mt="xs">
          <ActionButton
            size="compact-sm"
            variant="default"
            need={{ permission: "DefectResolve", space, project: project.Id }}
            onClick={() => setAsks(true)}
          >
            Allow progression
          </ActionButton>
        </Group>
      </Notice>
      <Confirm
        opened={asks}
        title="Allow progression again?"
        action="Allow progression"
        pending={allowing.isPending}
        onClose={() => setAsks(false)}
        onConfirm={() =>
          allowing.mutate(undefined, {
            onSuccess: () => setAsks(false),
            onError: (error) => notifyError("The release is still held back", error),
          })
        }
      >
        Release {release.Version} can go to the next environments of its lifecycle again. Where a lifecycle deploys by
        itself, that begins at once.
      </Confirm>
    </div>
  );
}

/** Asks why the release is to go no further. */
export function PreventProgression({ space, release, onClose }: Props & { onClose: () => void }) {
  const preventing = usePreventProgression(space, release.Id);
  const form = useForm({ Description: "" }, preventing.error);
  return (
    <FormModal
      title={`Prevent the progression of ${release.Version}`}
      action="Prevent progression"
      form={form}
      pending={preventing.isPending}
      onSubmit={() => preventing.mutate(form.value.Description, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Text size="sm">
        It can no longer be deployed to environments that come after those where it has succeeded, also not by itself.
        What runs goes on.
      </Text>
      <Textarea
        label="Reason"
        description="Whoever wants to deploy it reads this."
        autosize
        minRows={3}
        required
        withAsterisk={false}
        data-autofocus
        {...form.field("Description")}
      />
    </FormModal>
  );
}
