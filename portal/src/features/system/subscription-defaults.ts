import type { Shape } from "@/api/client";

type Filter = Shape<"EventNotificationSubscriptionFilter">;
type Subscription = Shape<"Subscription">;

/** How events are told, with all that a client may have left out. */
export interface Notification extends Shape<"EventNotificationSubscription"> {
  Filter: Filter;
}

/** What the form of a subscription is about. */
export interface Given {
  Name: string;
  IsDisabled: boolean;
  EventNotificationSubscription: Notification;
}

const EVERYTHING: Filter = {
  Users: [],
  Projects: [],
  ProjectGroups: [],
  Environments: [],
  Tenants: [],
  Tags: [],
  EventGroups: [],
  EventCategories: [],
  EventAgents: [],
  DocumentTypes: [],
};

const NEW: Notification = {
  Filter: EVERYTHING,
  EmailTeams: [],
  EmailFrequencyPeriod: "01:00:00",
  EmailPriority: "Normal",
  EmailShowDatesInTimeZoneId: "UTC",
  EmailDigestLastProcessed: null,
  EmailDigestLastProcessedEventAutoId: null,
  WebhookURI: "",
  WebhookTeams: [],
  WebhookTimeout: "00:00:10",
  WebhookHeaderKey: null,
  WebhookHeaderValue: null,
  WebhookLastProcessed: null,
  WebhookLastProcessedEventAutoId: null,
  SlackChannelIds: [],
  SlackChannelNames: [],
  SlackDigestFormat: "Summary",
  SlackFrequencyPeriod: "01:00:00",
  SlackDigestLastProcessed: null,
  SlackDigestLastProcessedEventAutoId: null,
};

/** What a subscription says, or what a new one begins with. */
export function notificationOf(subscription: Subscription | null): Notification {
  const said = subscription?.EventNotificationSubscription;
  return { ...NEW, ...said, Filter: { ...EVERYTHING, ...said?.Filter } };
}
