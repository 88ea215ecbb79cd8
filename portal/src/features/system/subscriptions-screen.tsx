import { Text } from "@mantine/core";
import { IconBell, IconInfoCircle, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Notice } from "@/components/notice";
import { Page } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { useList } from "@/lib/use-list";
import { notificationOf } from "./subscription-defaults";
import { type Subscription, subscriptionPageQuery } from "./subscriptions-api";

export function SubscriptionsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/subscriptions" });
  const list = useList();
  const subscriptions = useQuery(subscriptionPageQuery(space, list));
  const add = (
    <Permitted need={{ permission: "SubscriptionCreate", space }}>
      {(isAllowed) => (
        <ButtonLink
          disabled={!isAllowed}
          leftSection={<IconPlus size={16} />}
          to="/app/$space/subscriptions/$subscription"
          params={{ space, subscription: "new" }}
        >
          Add a subscription
        </ButtonLink>
      )}
    </Permitted>
  );
  return (
    <Page
      title="Subscriptions"
      description="Which events of this space are told to whom: by mail, or to another program."
      actions={add}
    >
      <NotSentYet />
      <ListPanel
        what="The subscriptions"
        list={list}
        query={subscriptions}
        find="Find by name"
        empty={
          <EmptyState icon={IconBell} title="No subscription yet" action={add}>
            Say which events you want to hear of, such as failed deployments to production.
          </EmptyState>
        }
      >
        {(items) => <DataTable label="Subscriptions" rows={items} columns={columnsOf(space)} keyOf={(one) => one.Id} />}
      </ListPanel>
    </Page>
  );
}

/** True as long as nothing in the server reads subscriptions. */
export function NotSentYet() {
  return (
    <div style={{ marginBottom: 16 }}>
      <Notice tone="waiting" icon={IconInfoCircle} title="Kept, not sent yet">
        <Text size="sm">
          The server keeps subscriptions, and sends nothing for them yet. To hear of events today, use the audit stream,
          or a step that sends a mail.
        </Text>
      </Notice>
    </div>
  );
}

function columnsOf(space: string): Column<Subscription>[] {
  return [
    {
      head: "Subscription",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/subscriptions/$subscription" params={{ space, subscription: one.Id }} c="inherit">
              {one.Name}
            </TextLink>
          }
        >
          {filterWords(one)}
        </NameCell>
      ),
    },
    { head: "Told by", width: 200, wideOnly: true, cell: waysOf },
    {
      head: "State",
      width: 120,
      cell: (one) => <StateBadge of={one.IsDisabled ? "cancelled" : "success"} word={one.IsDisabled ? "Off" : "On"} />,
    },
  ];
}

function filterWords(one: Subscription): string {
  const { Filter } = notificationOf(one);
  const said = [...Filter.EventGroups, ...Filter.EventCategories, ...Filter.DocumentTypes];
  return said.length > 0 ? said.join(", ") : "All events";
}

function waysOf(one: Subscription): string {
  const { EmailTeams, WebhookURI } = notificationOf(one);
  return [EmailTeams.length > 0 && "Mail", WebhookURI && "Webhook"].filter(Boolean).join(", ") || "Nothing";
}
