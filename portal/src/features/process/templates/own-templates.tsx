import { Badge, Group } from "@mantine/core";
import { IconPuzzle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Ago } from "@/components/time";
import type { ListState } from "@/lib/use-list";
import type { Template } from "../api";
import { offeredQuery, templatePageQuery } from "../api-templates";
import { KindIcon } from "../kind-icon";
import { kindName } from "../model/kinds";

interface Props {
  space: string;
  list: ListState<"show">;
  add: ReactNode;
}

/** The step templates of the space. */
export function OwnTemplates({ space, list, add }: Props) {
  const templates = useQuery(templatePageQuery(space, list));
  const offered = useQuery(offeredQuery(space));
  const outdated = new Set((offered.data ?? []).filter((one) => one.HasUpdate).map((one) => one.Id));
  return (
    <ListPanel
      what="The step templates"
      list={list}
      query={templates}
      find="Find by name"
      empty={
        <EmptyState icon={IconPuzzle} title="No step template yet" action={add}>
          Make one of a script that several projects use, and give it parameters for what differs; or install one of the
          community.
        </EmptyState>
      }
    >
      {(items) => (
        <DataTable
          label="Step templates"
          rows={items}
          columns={columnsOf(space, outdated)}
          keyOf={(one) => one.Id}
          minWidth={520}
        />
      )}
    </ListPanel>
  );
}

function columnsOf(space: string, outdated: ReadonlySet<string | null>): Column<Template>[] {
  return [
    {
      head: "Step template",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/library/step-templates/$template" params={{ space, template: one.Id }} fw={500}>
              {one.Name}
            </TextLink>
          }
        >
          {one.Description.split("\n")[0]}
        </NameCell>
      ),
    },
    {
      head: "Kind",
      width: 220,
      wideOnly: true,
      cell: (one) => (
        <Group gap={6} wrap="nowrap">
          <KindIcon type={one.ActionType} />
          {kindName(one.ActionType)}
        </Group>
      ),
    },
    {
      head: "Version",
      width: 180,
      cell: (one) => (
        <Group gap={6}>
          <span className="numbers">{one.Version}</span>
          {outdated.has(one.Id) && <Badge color="blue">The community has a newer one</Badge>}
        </Group>
      ),
    },
    {
      head: "Changed",
      width: 190,
      wideOnly: true,
      dimmed: true,
      cell: (one) =>
        one.LastModifiedOn && (
          <>
            <Ago at={one.LastModifiedOn} /> {one.LastModifiedBy && `by ${one.LastModifiedBy}`}
          </>
        ),
    },
  ];
}
