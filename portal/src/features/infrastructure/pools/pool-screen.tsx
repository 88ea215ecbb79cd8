import { Grid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { Tags } from "@/components/tags";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { oneQuery, type Stored, useRemove, useSave } from "../crud";
import { HealthCounts } from "../health-counts";
import { workerSummaryQuery } from "../summary";
import { Usages } from "../usages";

type Pool = Stored<"workerpools">;

export function WorkerPoolScreen() {
  const { space, pool: id } = useParams({ from: "/shell/app/$space/infrastructure/worker-pools/$pool" });
  const pool = useQuery(oneQuery("workerpools", space, id));
  const removing = useRemove("workerpools", space, id);
  const navigate = useNavigate();
  const name = pool.data?.Name ?? id;
  return (
    <Page
      title={name}
      crumbs={[{ text: "Worker pools", to: `/app/${space}/infrastructure/worker-pools` }]}
      aside={pool.data?.IsDefault && <Tags words={["Default"]} />}
      description={pool.data?.Description}
      actions={
        pool.data && (
          <DeleteButton
            what={name}
            need={{ permission: "WorkerEdit", space }}
            barred={pool.data.IsDefault ? "It is the default pool; make another one the default first." : null}
            deleting={() => removing.mutateAsync()}
            onDeleted={() => navigate({ to: "/app/$space/infrastructure/worker-pools", params: { space } })}
          >
            A pool that workers, targets, steps or variables use is kept.
          </DeleteButton>
        )
      }
    >
      <Loaded query={pool} what="The worker pool">
        {(saved) => (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Settings key={saved.Id} space={space} saved={saved} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack>
                <Members space={space} pool={saved} />
                <Usages collection="workerpools" space={space} id={saved.Id} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

function Members({ space, pool }: { space: string; pool: Pool }) {
  const summary = useQuery(workerSummaryQuery(space));
  return (
    <Panel
      title="Workers"
      aside={
        <ButtonLink
          to="/app/$space/infrastructure/workers"
          params={{ space }}
          search={{ pool: pool.Id }}
          variant="default"
          size="compact-sm"
        >
          Show them
        </ButtonLink>
      }
    >
      <Loaded query={summary} what="The workers" rows={1}>
        {({ WorkerPoolSummaries }) => {
          const counts = WorkerPoolSummaries.find((one) => one.Id === pool.Id);
          if (counts && counts.TotalMachines > 0) return <HealthCounts space={space} counts={counts} pool={pool.Id} />;
          return (
            <Text size="sm" c="dimmed">
              {pool.IsDefault
                ? "It has none, so this server runs its steps itself."
                : "It has none. Steps that name it fail until it has one that is healthy."}
            </Text>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Settings({ space, saved }: { space: string; saved: Pool }) {
  const saving = useSave("workerpools", space);
  const [form, draft] = useDraftForm(`worker-pool-${saved.Id}`, saved, saving.error);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The worker pool is saved.");
      },
    });
  const isDynamic = saved.WorkerPoolType === "DynamicWorkerPool";
  return (
    <>
      <Stack>
        <FormFaults form={form} title="The worker pool was not saved" />
        <TheirsNotice draft={draft} what="This pool" />
        <Panel title="Settings">
          <Stack>
            <TextInput label="Name" {...form.field("Name")} />
            <TextInput label="Slug" description="Its name in Git and for other programs." {...form.field("Slug")} />
            <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
            <Switch
              label="The default pool"
              description={
                saved.IsDefault
                  ? "Steps that name no pool use it. Another pool takes that over when it is made the default."
                  : "Steps that name no pool use it, in the place of the one that is the default now."
              }
              disabled={saved.IsDefault}
              {...form.check("IsDefault")}
            />
            {isDynamic && (
              <Text size="sm" c="dimmed">
                This is a dynamic pool, kept for its settings. This server rents no machines, so a step that names it is
                refused.
              </Text>
            )}
          </Stack>
        </Panel>
      </Stack>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "WorkerEdit", space }}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}
