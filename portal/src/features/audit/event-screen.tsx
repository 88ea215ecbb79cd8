import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Page, Panel } from "@/components/page";
import { eventQuery } from "./api";
import { EventDetails } from "./event-details";

/** One event at an address of its own, to send to somebody. */
export function EventScreen() {
  const { event: id } = useParams({ from: "/shell/app/audit/$event" });
  const { data: event } = useQuery(eventQuery(id));
  return (
    <Page title={event?.Message ?? id} crumbs={[{ text: "Audit", to: "/app/audit" }]}>
      <Panel>
        <EventDetails id={id} />
      </Panel>
    </Page>
  );
}
