import { Text } from "@mantine/core";
import { IconWorldDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { ActionButton } from "@/components/permitted";
import { notifyError } from "@/lib/notify";
import { PAGE } from "@/lib/search";
import type { ListState } from "@/lib/use-list";
import type { Offered } from "../api";
import { offeredQuery, useInstall } from "../api-templates";
import { fitting } from "../catalogue/offers";
import { kindName } from "../model/kinds";

/** What the server has of the community's templates and the space has not. The API gives all of them at once. */
export function CommunityList({ space, list }: { space: string; list: ListState<"show"> }) {
  const offered = useQuery({ ...offeredQuery(space), select: (all) => pageOf(all, list.q, list.page) });
  const installing = useInstall(space);
  const navigate = useNavigate();
  const install = async (one: Offered) => {
    try {
      const made = await installing.mutateAsync({ id: one.CommunityActionTemplateId ?? "" });
      await navigate({ to: "/app/$space/library/step-templates/$template", params: { space, template: made.Id } });
    } catch (error) {
      notifyError(`${one.Name} could not be installed`, error);
    }
  };
  const words = { ...list, isNarrowed: list.q !== "", clear: () => list.narrow({ q: null }) };
  return (
    <ListPanel
      what="The templates of the community"
      list={words}
      query={offered}
      find="Find by name or description"
      empty={
        <EmptyState icon={IconWorldDownload} title="Nothing to install">
          All templates of the community that this server has are installed here, or it has none. Whoever runs the
          server puts them as files into the folder of the setting <code>community_templates</code>; nothing is fetched
          from the network.
        </EmptyState>
      }
    >
      {(items) => (
        <DataTable
          label="Templates of the community"
          rows={items}
          columns={columnsOf(space, installing.isPending, (one) => void install(one))}
          keyOf={(one) => one.CommunityActionTemplateId ?? one.Name}
          minWidth={520}
        />
      )}
    </ListPanel>
  );
}

function pageOf(all: readonly Offered[], words: string, page: number) {
  const found = fitting(
    all.filter((one) => !one.IsInstalled),
    words,
    "",
  );
  return { Items: found.slice((page - 1) * PAGE, page * PAGE), TotalResults: found.length };
}

function columnsOf(space: string, pending: boolean, onInstall: (one: Offered) => void): Column<Offered>[] {
  return [
    {
      head: "Template",
      cell: (one) => (
        <NameCell name={one.Name}>
          <Text component="span" size="xs" lineClamp={2}>
            {one.Description}
          </Text>
        </NameCell>
      ),
    },
    { head: "Kind", width: 210, wideOnly: true, cell: (one) => kindName(one.Type) },
    { head: "By", width: 160, wideOnly: true, dimmed: true, cell: (one) => one.Author },
    {
      head: "Install",
      spoken: true,
      width: 110,
      align: "right",
      cell: (one) => (
        <ActionButton
          size="xs"
          variant="default"
          need={{ permission: "ActionTemplateCreate", space }}
          disabled={pending}
          onClick={() => onInstall(one)}
          aria-label={`Install ${one.Name}`}
        >
          Install
        </ActionButton>
      ),
    },
  ];
}
