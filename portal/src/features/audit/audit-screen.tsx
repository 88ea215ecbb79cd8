import { Button, Menu, Text } from "@mantine/core";
import { IconArchive, IconDownload, IconHistory, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useRights } from "@/api/rights";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { useList } from "@/lib/use-list";
import { eventPageQuery, exportAddress, type Filter, type Narrowing } from "./api";
import classes from "./audit.module.css";
import { AuditFilters } from "./audit-filters";
import { EventRow } from "./event-row";
import { ProofPanel } from "./proof-panel";

/** The audit trail of one space. */
export function SpaceAuditScreen() {
  const { space } = useParams({ from: "/shell/app/$space/audit" });
  return <Audit key={space} space={space} />;
}

/** The audit trail of the server and of all spaces that one may see. */
export function AuditScreen() {
  return <Audit space={null} />;
}

function Audit({ space }: { space: string | null }) {
  const list = useList<Filter>();
  const events = useQuery(eventPageQuery(space, list.page, list.filters));
  const rights = useRights();
  const [mayArchives, mayServer] = [rights.allows("EventRetentionView"), rights.allows("EventView")];
  return (
    <Page
      title="Audit"
      description={
        space === null
          ? "Everything that was done on this server and in its spaces: by whom, how, and what it changed."
          : "Everything that was done in this space: by whom, how, and what it changed."
      }
      actions={
        <>
          {space === null && mayArchives && (
            <ButtonLink variant="default" leftSection={<IconArchive size={16} />} to="/app/audit/archives">
              Archive
            </ButtonLink>
          )}
          {space !== null && mayServer && (
            <ButtonLink variant="default" leftSection={<IconWorld size={16} />} to="/app/audit">
              Whole server
            </ButtonLink>
          )}
          <Export space={space} narrowing={list.filters} />
        </>
      }
    >
      <ListPanel
        what="The events"
        list={list}
        query={events}
        filters={<AuditFilters list={list} space={space} />}
        empty={
          <EmptyState icon={IconHistory} title="Nothing has happened yet">
            As soon as somebody changes or deploys something, it is told here.
          </EmptyState>
        }
      >
        {(items) => (
          <ul className={classes.list} aria-label="Events">
            {items.map((event) => (
              <EventRow key={event.Id} event={event} />
            ))}
          </ul>
        )}
      </ListPanel>
      {space === null && <ProofPanel />}
    </Page>
  );
}

/** Files with the events that the filters leave. */
function Export({ space, narrowing }: { space: string | null; narrowing: Narrowing }) {
  return (
    <Menu position="bottom-end" shadow="md" width={250}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={16} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component="a" href={exportAddress(space, "csv", narrowing)} download>
          As CSV
          <Text size="xs" c="dimmed">
            For a spreadsheet, at most 50,000 events
          </Text>
        </Menu.Item>
        <Menu.Item component="a" href={exportAddress(space, "jsonl", narrowing)} download>
          As lines of JSON
          <Text size="xs" c="dimmed">
            All of them, with the hashes that prove them
          </Text>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
