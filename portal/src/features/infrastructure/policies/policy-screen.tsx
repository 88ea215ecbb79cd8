import { Stack, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { answer, api } from "@/api/client";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { ButtonLink, TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { useForm } from "@/lib/use-form";
import { oneQuery, type Stored, useCreate, useRemove, useSave } from "../crud";
import { machinePageQuery } from "../machines/api";
import { type Realm, TARGETS, WORKERS } from "../machines/realm";
import { PolicyFields } from "./policy-fields";

type Policy = Stored<"machinepolicies">;

const LIST = "/app/$space/infrastructure/machine-policies";

export function MachinePolicyScreen() {
  const { space, policy: id } = useParams({ from: "/shell/app/$space/infrastructure/machine-policies/$policy" });
  const policy = useQuery(oneQuery("machinepolicies", space, id));
  const removing = useRemove("machinepolicies", space, id);
  const navigate = useNavigate();
  const name = policy.data?.Name ?? id;
  return (
    <Page
      title={name}
      crumbs={[{ text: "Machine policies", to: `/app/${space}/infrastructure/machine-policies` }]}
      aside={policy.data?.IsDefault && <Tags words={["Default"]} />}
      description={policy.data?.Description}
      actions={
        policy.data && (
          <DeleteButton
            what={name}
            need={{ permission: "MachinePolicyDelete", space }}
            barred={policy.data.IsDefault ? "It is the default policy; make another one the default first." : null}
            deleting={() => removing.mutateAsync()}
            onDeleted={() => navigate({ to: LIST, params: { space } })}
          >
            A policy that machines have is kept.
          </DeleteButton>
        )
      }
    >
      <Loaded query={policy} what="The machine policy">
        {(saved) => <Edit key={saved.Id} space={space} saved={saved} />}
      </Loaded>
    </Page>
  );
}

function Edit({ space, saved }: { space: string; saved: Policy }) {
  const saving = useSave("machinepolicies", space);
  const [form, draft] = useDraftForm(`machine-policy-${saved.Id}`, saved, saving.error);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The machine policy is saved.");
      },
    });
  return (
    <>
      <Stack maw={1100}>
        <FormFaults form={form} title="The machine policy was not saved" />
        <TheirsNotice draft={draft} what="This policy" />
        <UsedBy space={space} id={saved.Id} />
        <PolicyFields form={form} wasDefault={saved.IsDefault} />
      </Stack>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "MachinePolicyEdit", space }}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}

/** How many machines have the policy. */
function UsedBy({ space, id }: { space: string; id: string }) {
  return (
    <Panel title="Used by">
      <Text size="sm" component="div">
        <Users realm={TARGETS} space={space} id={id} /> and <Users realm={WORKERS} space={space} id={id} />
      </Text>
    </Panel>
  );
}

function Users({ realm, space, id }: { realm: Realm; space: string; id: string }) {
  const { data } = useQuery(machinePageQuery(realm, space, { q: "", page: 1 }, { machinePolicyIds: id }));
  const total = data?.TotalResults ?? 0;
  const words = total === 1 ? `1 ${realm.one}` : `${total.toLocaleString("en-US")} ${realm.many}`;
  return realm.kind === "machines" ? (
    <TextLink to="/app/$space/infrastructure/targets" params={{ space }} search={{ policy: id }} size="sm">
      {words}
    </TextLink>
  ) : (
    <TextLink to="/app/$space/infrastructure/workers" params={{ space }} search={{ policy: id }} size="sm">
      {words}
    </TextLink>
  );
}

const templateQuery = (space: string) =>
  queryOptions({
    queryKey: ["machinepolicies", space, "template"],
    queryFn: () => answer(api.GET("/api/{space}/machinepolicies/template", { params: { path: { space } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export function NewMachinePolicyScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/machine-policies/new" });
  const template = useQuery(templateQuery(space));
  return (
    <Page
      title="Add a machine policy"
      crumbs={[{ text: "Machine policies", to: `/app/${space}/infrastructure/machine-policies` }]}
    >
      <Loaded query={template} what="The template">
        {(start) => <Create space={space} start={{ ...start, Name: "" }} />}
      </Loaded>
    </Page>
  );
}

function Create({ space, start }: { space: string; start: Policy }) {
  const creating = useCreate("machinepolicies", space);
  const form = useForm(start, creating.error);
  const navigate = useNavigate();
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        creating.mutate(form.value, {
          onSuccess: (made) =>
            navigate({ to: "/app/$space/infrastructure/machine-policies/$policy", params: { space, policy: made.Id } }),
        });
      }}
    >
      <Stack maw={1100}>
        <FormFaults form={form} title="The machine policy was not added" />
        <PolicyFields form={form} wasDefault={false} />
        <div>
          <ActionButton type="submit" loading={creating.isPending} need={{ permission: "MachinePolicyCreate", space }}>
            Add the policy
          </ActionButton>{" "}
          <ButtonLink to={LIST} params={{ space }} variant="default">
            Back
          </ButtonLink>
        </div>
      </Stack>
    </form>
  );
}
