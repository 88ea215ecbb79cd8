import { Select } from "@mantine/core";
import { IconPlus, IconRss } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useList } from "@/lib/use-list";
import { type Feed, type FeedType, feedsQuery } from "./api";
import { FeedForm } from "./feed-form";
import { newFeed, wordOf } from "./kinds";
import { UnreadNotice } from "./unread-notice";

const FILTER: FeedType[] = [
  "BuiltIn",
  "OctopusProject",
  "Docker",
  "NuGet",
  "Maven",
  "Helm",
  "OciRegistry",
  "GitHub",
  "Npm",
  "PyPi",
  "ArtifactoryGeneric",
  "AwsElasticContainerRegistry",
  "S3",
  "AzureContainerRegistry",
  "GoogleContainerRegistry",
  "GcsStorage",
];

export function FeedsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/feeds" });
  const [adding, setAdding] = useState(false);
  const list = useList<"type">();
  const feeds = useQuery(feedsQuery(space, list, list.filters.type));
  const navigate = useNavigate();
  const open = (feed: Feed) =>
    void navigate({ to: "/app/$space/library/feeds/$feed", params: { space, feed: feed.Id } });
  return (
    <Page
      title="Feeds"
      description="Where steps take packages, images and charts from."
      actions={
        <ActionButton
          need={{ permission: "FeedEdit", space }}
          leftSection={<IconPlus size={16} />}
          onClick={() => setAdding(true)}
        >
          Add a feed
        </ActionButton>
      }
    >
      <UnreadNotice />
      <ListPanel
        what="The feeds"
        list={list}
        query={feeds}
        find="Find by name"
        filters={
          <Select
            aria-label="Kind"
            placeholder="Any kind"
            clearable
            w={220}
            data={FILTER.map((type) => ({ value: type, label: wordOf(type) }))}
            value={list.filters.type ?? null}
            onChange={(type) => list.narrow({ type })}
          />
        }
        empty={
          <EmptyState icon={IconRss} title="No feed">
            Every space has a built-in one; where none is shown, you may not see it.
          </EmptyState>
        }
      >
        {(items) => <DataTable label="Feeds" rows={items} columns={columnsOf(space)} keyOf={(one) => one.Id} />}
      </ListPanel>
      {adding && <FeedForm space={space} feed={newFeed("Docker")} onSaved={open} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columnsOf(space: string): Column<Feed>[] {
  return [
    {
      head: "Feed",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/library/feeds/$feed" params={{ space, feed: one.Id }} c="inherit">
              {one.Name}
            </TextLink>
          }
        />
      ),
    },
    { head: "Kind", width: 230, cell: (one) => wordOf(one.FeedType) },
    { head: "Address", wideOnly: true, dimmed: true, cell: (one) => one.FeedUri ?? one.Region },
  ];
}
