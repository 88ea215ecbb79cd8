import { Button, Grid, Stack, Textarea, TextInput } from "@mantine/core";
import { IconDownload, IconPlugConnected } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { answer, api, type Shape } from "@/api/client";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone, notifyError } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { oneQuery, useRemove, useSave } from "../crud";
import { useStartTask } from "../machines/api";
import { UsageList, type UseGroup } from "../usages";
import { AccountFields } from "./account-fields";
import { OidcFields } from "./oidc-fields";
import { RestrictFields } from "./restrict-fields";
import { type Account, canBeTried, hasPublicHalf, kindOf } from "./types";

export function AccountScreen() {
  const { space, account: id } = useParams({ from: "/shell/app/$space/infrastructure/accounts/$account" });
  const account = useQuery(oneQuery("accounts", space, id));
  const removing = useRemove("accounts", space, id);
  const navigate = useNavigate();
  const name = account.data?.Name ?? id;
  const kind = kindOf(account.data?.AccountType);
  return (
    <Page
      title={name}
      crumbs={[{ text: "Accounts", to: `/app/${space}/infrastructure/accounts` }]}
      aside={kind && <Tags words={[kind.title]} />}
      description={account.data?.Description}
      actions={
        account.data && (
          <>
            {canBeTried(account.data.AccountType) && <TryButton space={space} account={account.data} />}
            {hasPublicHalf(account.data.AccountType) && (
              <Button
                component="a"
                href={`/api/${space}/accounts/${id}/pk`}
                download
                variant="default"
                leftSection={<IconDownload size={16} />}
              >
                {account.data.AccountType === "SshKeyPair" ? "Public key" : "Certificate"}
              </Button>
            )}
            <DeleteButton
              what={name}
              need={{ permission: "AccountDelete", space }}
              deleting={() => removing.mutateAsync()}
              onDeleted={() => navigate({ to: "/app/$space/infrastructure/accounts", params: { space } })}
            >
              An account that targets, steps or variables use is kept.
            </DeleteButton>
          </>
        )
      }
    >
      <Loaded query={account} what="The account">
        {(saved) => <Edit key={saved.Id} space={space} saved={saved} />}
      </Loaded>
    </Page>
  );
}

/** Signs in with the account in a task, whose log tells how that went. */
function TryButton({ space, account }: { space: string; account: Account }) {
  const starting = useStartTask(space);
  const navigate = useNavigate();
  const start = () =>
    starting.mutate(
      { Name: "TestAccount", Arguments: { AccountId: account.Id } },
      {
        onSuccess: (task) => navigate({ to: "/app/$space/tasks/$task", params: { space, task: task.Id } }),
        onError: (error) => notifyError("The account was not tried out", error),
      },
    );
  return (
    <ActionButton
      variant="default"
      leftSection={<IconPlugConnected size={16} />}
      need={{ permission: "TaskCreate", space }}
      loading={starting.isPending}
      onClick={start}
    >
      Try it out
    </ActionButton>
  );
}

function Edit({ space, saved }: { space: string; saved: Account }) {
  const saving = useSave("accounts", space);
  const [form, draft] = useDraftForm(`account-${saved.Id}`, saved, saving.error);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The account is saved.");
      },
    });
  return (
    <>
      <Stack>
        <FormFaults form={form} title="The account was not saved" />
        <TheirsNotice draft={draft} what="This account" />
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Stack>
              <Panel title="The account">
                <Stack>
                  <TextInput label="Name" {...form.field("Name")} />
                  <TextInput label="Slug" description="Its name for other programs." {...form.field("Slug")} />
                  <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
                  <AccountFields form={form} />
                </Stack>
              </Panel>
              {kindOf(saved.AccountType)?.isOidc && (
                <Panel title="Tokens">
                  <OidcFields space={space} form={form} />
                </Panel>
              )}
            </Stack>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 6 }}>
            <Stack>
              <Panel title="Where it may be used">
                <Stack>
                  <RestrictFields space={space} form={form} />
                </Stack>
              </Panel>
              <UsedBy space={space} id={saved.Id} />
            </Stack>
          </Grid.Col>
        </Grid>
      </Stack>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "AccountEdit", space }}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}

const usagesQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["accounts", space, "usages", id],
    queryFn: () => answer(api.GET("/api/{space}/accounts/{id}/usages", { params: { path: { space, id } } })),
  });

function UsedBy({ space, id }: { space: string; id: string }) {
  const usages = useQuery(usagesQuery(space, id));
  return (
    <Panel title="Used by">
      <Loaded query={usages} what="What uses it" rows={2}>
        {(found) => <UsageList space={space} groups={groupsOf(found)} />}
      </Loaded>
    </Panel>
  );
}

/** The account's own answer, in the form of the others. */
function groupsOf(found: Shape<"AccountUsage">): UseGroup[] {
  const ofWorkers = found.Targets.filter((one) => one.TargetId.startsWith("Workers-"));
  const ofTargets = found.Targets.filter((one) => !one.TargetId.startsWith("Workers-"));
  const projects = new Map<string, string>();
  for (const one of [...found.DeploymentProcesses, ...found.ProjectVariableSets])
    projects.set(one.ProjectId, one.ProjectName);
  const group = (kind: string, items: UseGroup["Items"]): UseGroup => ({
    Kind: kind,
    Total: items.length,
    Items: items,
  });
  return [
    group(
      "Machines",
      ofTargets.map((one) => ({ Id: one.TargetId, Name: one.TargetName })),
    ),
    group(
      "Workers",
      ofWorkers.map((one) => ({ Id: one.TargetId, Name: one.TargetName })),
    ),
    group(
      "Projects",
      [...projects].map(([Id, Name]) => ({ Id, Name })),
    ),
    group(
      "Runbooks",
      found.RunbookProcesses.map((one) => ({ Id: one.RunbookId, Name: one.RunbookName, ProjectId: one.ProjectId })),
    ),
    group(
      "LibraryVariableSets",
      found.LibraryVariableSets.map((one) => ({ Id: one.LibraryVariableSetId, Name: one.LibraryVariableSetName })),
    ),
  ];
}
