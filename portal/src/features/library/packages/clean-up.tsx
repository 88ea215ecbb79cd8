import { NumberInput, Radio, Stack, Text } from "@mantine/core";
import { IconEraser } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { FormModal } from "@/components/form";
import { ActionButton } from "@/components/permitted";
import { notifyDone } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import { type Feed, repositoryQuery, statsQuery, useKeepFor } from "./api";

const SUGGESTED = 30;

/** Whether the feed deletes old packages by itself; what releases use stays in any case. */
export function CleanUpButton({ space }: { space: string }) {
  const [opened, setOpened] = useState(false);
  const { data: feed } = useQuery(repositoryQuery(space));
  const days = feed?.DeleteUnreleasedPackagesAfterDays;
  return (
    <>
      <ActionButton
        variant="default"
        leftSection={<IconEraser size={16} />}
        need={{ permission: "FeedEdit", space }}
        disabled={!feed}
        onClick={() => setOpened(true)}
      >
        {days ? `Clean-up after ${days === 1 ? "1 day" : `${days} days`}` : "No clean-up"}
      </ActionButton>
      {opened && feed && <CleanUp space={space} feed={feed} onClose={() => setOpened(false)} />}
    </>
  );
}

function CleanUp({ space, feed, onClose }: { space: string; feed: Feed; onClose: () => void }) {
  const { data: stats } = useQuery(statsQuery(space));
  const keeping = useKeepFor(space, feed);
  const known = feed.DeleteUnreleasedPackagesAfterDays ?? 0;
  const form = useForm({ deletes: known > 0, days: known || SUGGESTED }, keeping.error);
  const save = () =>
    keeping.mutate(form.value.deletes ? form.value.days : null, {
      onSuccess: () => {
        notifyDone("The clean-up of packages is saved.");
        onClose();
      },
    });
  return (
    <FormModal
      title="Clean-up of packages"
      action="Save"
      form={form}
      pending={keeping.isPending}
      barred={form.value.deletes && !(form.value.days > 0) ? "Say after how many days." : null}
      onSubmit={save}
      onClose={onClose}
    >
      <Text size="sm">
        {stats && (
          <>
            The feed holds <b className="numbers">{stats.TotalPackages.toLocaleString("en-US")}</b>{" "}
            {stats.TotalPackages === 1 ? "package" : "packages"}, each version counted.{" "}
          </>
        )}
        What a release or a runbook snapshot uses is never deleted by itself.
      </Text>
      <Radio.Group
        label="Packages that nothing uses"
        value={form.value.deletes ? "some" : "none"}
        onChange={(value) => form.set({ deletes: value === "some" })}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="none" label="Keep them for ever" />
          <Radio value="some" label="Delete them after some days" />
        </Stack>
      </Radio.Group>
      {form.value.deletes && (
        <NumberInput
          label="Days"
          min={1}
          max={36_500}
          allowDecimal={false}
          w={140}
          value={form.value.days}
          onChange={(value) => form.set({ days: Number(value) || 0 })}
          error={form.fault("DeleteUnreleasedPackagesAfterDays")}
        />
      )}
    </FormModal>
  );
}
