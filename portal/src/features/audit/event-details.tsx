import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { exactTime } from "@/lib/time";
import { useSpace } from "@/lib/use-space";
import { type Event, eventQuery } from "./api";
import { DifferenceView } from "./difference-view";
import { screenOfDocument } from "./documents";

/** Who did it and how they were known, what it concerns, and the difference. */
export function EventDetails({ id }: { id: string }) {
  const event = useQuery(eventQuery(id));
  return (
    <Loaded query={event} what="The event" rows={4}>
      {(found) => (
        <Stack gap="md">
          <WhoAndHow event={found} />
          <Concerned event={found} />
          {found.Details && <Text size="sm">{found.Details}</Text>}
          {found.Comments && <Text size="sm">{found.Comments}</Text>}
          {found.ChangeDetails && <DifferenceView details={found.ChangeDetails} />}
        </Stack>
      )}
    </Loaded>
  );
}

function WhoAndHow({ event }: { event: Event }) {
  const { UserId: user } = event;
  return (
    <Facts
      facts={[
        ["When", event.Occurred && exactTime(event.Occurred)],
        [
          "Who",
          user ? (
            <TextLink key="who" to="/app/users/$user" params={{ user }} size="sm">
              {event.Username}
            </TextLink>
          ) : (
            event.Username
          ),
        ],
        ["For", event.OnBehalfOf],
        ["Known by", [event.IdentityEstablishedWith, event.CredentialId].filter(Boolean).join(", ")],
        ["From", event.IpAddress],
        ["With", event.UserAgent],
        ["Category", event.Category],
        [
          "Number",
          <TextLink key="id" to="/app/audit/$event" params={{ event: event.Id }} size="sm">
            {event.Id}
          </TextLink>,
        ],
      ]}
    />
  );
}

/** The documents that it concerns, each with a way to its screen and to everything else that concerns it. */
function Concerned({ event }: { event: Event }) {
  const home = useSpace();
  const space = event.SpaceId ?? home;
  if (event.RelatedDocumentIds.length === 0) return null;
  return (
    <Stack gap={4}>
      <Text fw={600}>Concerns</Text>
      {event.RelatedDocumentIds.map((id) => {
        const screen = screenOfDocument(id, space);
        return (
          <Group key={id} gap="sm">
            {screen ? (
              <Anchor component={Link} to={screen} size="sm">
                {id}
              </Anchor>
            ) : (
              <Text size="sm">{id}</Text>
            )}
            <TextLink
              to="/app/audit"
              search={{ regarding: id, spaces: event.SpaceId ?? undefined }}
              size="sm"
              c="dimmed"
              aria-label={`All about it: ${id}`}
            >
              All about it
            </TextLink>
          </Group>
        );
      })}
    </Stack>
  );
}
