import { Group, SimpleGrid, Stack } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { DeleteButton } from "@/components/delete-button";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyDone } from "@/lib/notify";
import { deleteFeed, type Feed, feedQuery } from "./api";
import { FeedForm } from "./feed-form";
import { FeedSearch } from "./feed-search";
import { FeedUsers } from "./feed-users";
import { isRead, KINDS, WAYS, wayOf, wordOf } from "./kinds";
import { UnreadNotice } from "./unread-notice";

/** One feed: where it is, whether it answers, and what takes from it. */
export function FeedScreen() {
  const { space, feed: id } = useParams({ from: "/shell/app/$space/library/feeds/$feed" });
  const query = useQuery(feedQuery(space, id));
  const [editing, setEditing] = useState(false);
  const feed = query.data;
  return (
    <Page
      title={feed?.Name ?? id}
      crumbs={[{ text: "Feeds", to: `/app/${space}/library/feeds` }]}
      description={feed && wordOf(feed.FeedType)}
      actions={feed && !isRead(feed.FeedType) && <Actions space={space} feed={feed} onEdit={() => setEditing(true)} />}
    >
      <Loaded query={query} what="The feed">
        {(one) => (
          <>
            {!isRead(one.FeedType) && <UnreadNotice />}
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
              <Stack>
                <Panel title="Feed">
                  <FeedFacts space={space} of={one} />
                </Panel>
                <FeedUsers space={space} feed={one} />
              </Stack>
              {one.FeedType !== "OctopusProject" && <FeedSearch space={space} feed={one} />}
            </SimpleGrid>
            {editing && (
              <FeedForm
                space={space}
                feed={one}
                onSaved={() => {
                  notifyDone("The feed is saved.");
                  setEditing(false);
                }}
                onClose={() => setEditing(false)}
              />
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ space, feed, onEdit }: { space: string; feed: Feed; onEdit: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const need = { permission: "FeedEdit", space };
  const leave = () => {
    void client.invalidateQueries({ queryKey: ["feeds", space, "list"] });
    notifyDone(`${feed.Name} is deleted.`);
    void navigate({ to: "/app/$space/library/feeds", params: { space } });
  };
  return (
    <Group gap="xs">
      <DeleteButton
        what={`the feed ${feed.Name}`}
        need={need}
        deleting={() => deleteFeed(space, feed.Id)}
        onDeleted={leave}
      >
        Its address and its secrets are gone for good. A feed that a step uses cannot be deleted.
      </DeleteButton>
      <ActionButton need={need} leftSection={<IconPencil size={16} />} onClick={onEdit}>
        Change
      </ActionButton>
    </Group>
  );
}

function FeedFacts({ space, of }: { space: string; of: Feed }) {
  const kept = of.DeleteUnreleasedPackagesAfterDays;
  const isOurs = of.FeedType === "BuiltIn";
  return (
    <Facts
      facts={[
        ["Kind", wordOf(of.FeedType)],
        ["Address", of.FeedUri],
        ["Path", of.RegistryPath],
        ["Region", of.Region],
        ["Repository", of.Repository],
        ["Project", of.Project],
        ["Signing in", KINDS[of.FeedType] && WAYS[wayOf(of)]],
        ["User name", of.Username],
        ["Access key", of.AccessKey],
        ["Clean-up", isOurs && (kept ? `What nothing uses goes after ${kept} days.` : "Nothing goes by itself.")],
        [
          "Packages",
          isOurs && (
            <TextLink key="packages" to="/app/$space/library/packages" params={{ space }}>
              Look at the packages
            </TextLink>
          ),
        ],
        ["Changed", of.LastModifiedOn && <Ago key="changed" at={of.LastModifiedOn} />],
      ]}
    />
  );
}
