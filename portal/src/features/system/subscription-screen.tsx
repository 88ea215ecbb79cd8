import { Stack, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { type Given, type Notification, notificationOf } from "./subscription-defaults";
import { SubscriptionFilter } from "./subscription-filter";
import { EmailPanel, WebhookPanel } from "./subscription-ways";
import { type Subscription, subscriptionQuery, useDeleteSubscription, useSaveSubscription } from "./subscriptions-api";
import { NotSentYet } from "./subscriptions-screen";

/** Makes a subscription, or edits one. */
export function SubscriptionScreen() {
  const { space, subscription: id } = useParams({ from: "/shell/app/$space/subscriptions/$subscription" });
  const isNew = id === "new";
  const subscription = useQuery({ ...subscriptionQuery(space, id), enabled: !isNew });
  return (
    <Page
      title={isNew ? "Add a subscription" : (subscription.data?.Name ?? id)}
      crumbs={[{ text: "Subscriptions", to: `/app/${space}/subscriptions` }]}
      actions={subscription.data && <Deletion space={space} subscription={subscription.data} />}
    >
      <NotSentYet />
      <div style={{ maxWidth: 900 }}>
        {isNew ? (
          <SubscriptionForm space={space} before={null} />
        ) : (
          <Loaded query={subscription} what="The subscription">
            {(found) => <SubscriptionForm key={found.Id} space={space} before={found} />}
          </Loaded>
        )}
      </div>
    </Page>
  );
}

function Deletion({ space, subscription }: { space: string; subscription: Subscription }) {
  const deleting = useDeleteSubscription(space);
  const navigate = useNavigate();
  return (
    <DeleteButton
      what={`the subscription ${subscription.Name}`}
      need={{ permission: "SubscriptionDelete", space }}
      deleting={() => deleting.mutateAsync(subscription.Id)}
      onDeleted={() => void navigate({ to: "/app/$space/subscriptions", params: { space } })}
    >
      Nobody is told of these events by it any more.
    </DeleteButton>
  );
}

function SubscriptionForm({ space, before }: { space: string; before: Subscription | null }) {
  const saving = useSaveSubscription(space, before);
  const navigate = useNavigate();
  const id = `subscription:${before?.Id ?? `new:${space}`}`;
  const [form, draft] = useDraftForm<Given>(id, givenOf(before), saving.error);
  const told = form.value.EventNotificationSubscription;
  const tell = (patch: Partial<Notification>) => form.set({ EventNotificationSubscription: { ...told, ...patch } });
  const shared = { space, told, tell, faultOf: form.fault };
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (saved) => {
        notifyDone(`The subscription ${saved.Name} is saved.`);
        if (before) return draft.accept(givenOf(saved));
        draft.discard();
        const params = { space, subscription: saved.Id };
        void navigate({ to: "/app/$space/subscriptions/$subscription", params, ignoreBlocker: true });
      },
    });
  return (
    <>
      <Stack gap="md">
        <FormFaults form={form} title="The subscription was not saved" />
        <TheirsNotice draft={draft} what="This subscription" />
        <Panel title="About">
          <Stack>
            <TextInput label="Name" required withAsterisk={false} {...form.field("Name")} />
            <Switch
              label="Switched on"
              checked={!form.value.IsDisabled}
              onChange={(event) => form.set({ IsDisabled: !event.currentTarget.checked })}
            />
          </Stack>
        </Panel>
        <SubscriptionFilter
          space={space}
          value={told.Filter}
          onChange={(patch) => tell({ Filter: { ...told.Filter, ...patch } })}
        />
        <EmailPanel {...shared} />
        <WebhookPanel {...shared} />
      </Stack>
      <SaveBar
        isChanged={form.isChanged}
        pending={saving.isPending}
        need={{ permission: before ? "SubscriptionEdit" : "SubscriptionCreate", space }}
        barred={form.value.Name.trim() ? null : "Give the subscription a name first."}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}

function givenOf(subscription: Subscription | null): Given {
  const { Name = "", IsDisabled = false } = subscription ?? {};
  return { Name, IsDisabled, EventNotificationSubscription: notificationOf(subscription) };
}
