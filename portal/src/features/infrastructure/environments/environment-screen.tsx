import { Grid, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { Environment } from "@/api/reference";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { TagFields } from "@/components/tag-fields";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { HealthCounts } from "../health-counts";
import { targetSummaryQuery } from "../summary";
import { Usages } from "../usages";
import { environmentQuery, useRemoveEnvironment, useSaveEnvironment } from "./api";

export function EnvironmentScreen() {
  const { space, environment: id } = useParams({ from: "/shell/app/$space/infrastructure/environments/$environment" });
  const environment = useQuery(environmentQuery(space, id));
  const removing = useRemoveEnvironment(space, id);
  const navigate = useNavigate();
  const name = environment.data?.Name ?? id;
  return (
    <Page
      title={name}
      crumbs={[{ text: "Environments", to: `/app/${space}/infrastructure/environments` }]}
      description={environment.data?.Description}
      actions={
        environment.data && (
          <DeleteButton
            what={name}
            need={{ permission: "EnvironmentDelete", space, environment: id }}
            deleting={() => removing.mutateAsync()}
            onDeleted={() => navigate({ to: "/app/$space/infrastructure/environments", params: { space } })}
          >
            Deployments to it are no longer possible. An environment that something uses is kept.
          </DeleteButton>
        )
      }
    >
      <Loaded query={environment} what="The environment">
        {(saved) => (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Settings key={saved.Id} space={space} saved={saved} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack>
                <TargetsOf space={space} id={saved.Id} />
                <Usages collection="environments" space={space} id={saved.Id} />
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

function TargetsOf({ space, id }: { space: string; id: string }) {
  const summary = useQuery(targetSummaryQuery(space, [id]));
  return (
    <Panel
      title="Targets"
      aside={
        <ButtonLink
          to="/app/$space/infrastructure/targets"
          params={{ space }}
          search={{ environment: id }}
          variant="default"
          size="compact-sm"
        >
          Show them
        </ButtonLink>
      }
    >
      <Loaded query={summary} what="The targets" rows={1}>
        {(counts) => <HealthCounts space={space} counts={counts} environment={id} />}
      </Loaded>
    </Panel>
  );
}

function Settings({ space, saved }: { space: string; saved: Environment }) {
  const saving = useSaveEnvironment(space);
  const [form, draft] = useDraftForm(`environment-${saved.Id}`, saved, saving.error);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The environment is saved.");
      },
    });
  const extensions = saved.ExtensionSettings ?? [];
  return (
    <>
      <Stack>
        <FormFaults form={form} title="The environment was not saved" />
        <TheirsNotice draft={draft} what="This environment" />
        <Panel title="Settings">
          <Stack>
            <TextInput label="Name" {...form.field("Name")} />
            <TextInput
              label="Slug"
              description="Its name in addresses, in Git and for other programs."
              {...form.field("Slug")}
            />
            <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
          </Stack>
        </Panel>
        <Panel title="Tags">
          <TagFields
            space={space}
            scope="Environment"
            value={form.value.EnvironmentTags}
            onChange={(tags) => form.set({ EnvironmentTags: tags })}
            error={form.fault("EnvironmentTags")}
          />
        </Panel>
        <Panel title="Deployments">
          <Stack>
            <Switch
              label="Guided failure by default"
              description="Deployments here wait for a person when a step fails, unless the project says otherwise."
              {...form.check("UseGuidedFailure")}
            />
            <Switch
              label="Dynamic infrastructure"
              description="Scripts of deployments may make and delete targets here."
              {...form.check("AllowDynamicInfrastructure")}
            />
          </Stack>
        </Panel>
        {extensions.length > 0 && (
          <Panel title="Settings of extensions">
            <Text size="sm" c="dimmed" mb="xs">
              Other programs have put them here. They are kept as they are.
            </Text>
            <Text component="pre" size="xs" style={{ overflowX: "auto", margin: 0 }} tabIndex={0}>
              {JSON.stringify(extensions, null, 2)}
            </Text>
          </Panel>
        )}
      </Stack>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "EnvironmentEdit", space, environment: saved.Id }}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}
