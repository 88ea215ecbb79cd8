import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useNames } from "@/api/things";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { StateBadge } from "@/components/state";
import { Tags } from "@/components/tags";
import { addressOf, healthOf, kindOf } from "../kinds";
import { machinePageQuery } from "./api";
import { BulkBar } from "./bulk-bar";
import { filterQuery, type MachineList as ListOf, MachineFilters } from "./filters";
import type { Machine, Realm, Target, Worker } from "./realm";

interface Props {
  realm: Realm;
  space: string;
  list: ListOf;
  empty: ReactNode;
}

/** The targets or the workers of a space, with what can be done to several of them. */
export function MachineList({ realm, space, list, empty }: Props) {
  const machines = useQuery(machinePageQuery(realm, space, list, filterQuery(list.filters)));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const shown = machines.data?.Items ?? [];
  const columns = useColumns(realm, space, shown);
  // What has left the list, because the page or a filter is another one, is chosen no more.
  const these = shown.filter((one) => chosen.has(one.Id));
  return (
    <>
      <ListPanel
        what={`The ${realm.many}`}
        list={list}
        query={machines}
        find="Find by name"
        filters={<MachineFilters realm={realm} space={space} list={list} />}
        empty={empty}
      >
        {(items) => (
          <DataTable
            label={realm.kind === "machines" ? "Targets" : "Workers"}
            rows={items}
            columns={columns}
            keyOf={(one) => one.Id}
            minWidth={760}
            isMuted={(one) => one.IsDisabled}
            selection={{ chosen, onChange: setChosen, nameOf: (one) => one.Name }}
          />
        )}
      </ListPanel>
      <BulkBar realm={realm} space={space} chosen={these} onClear={() => setChosen(new Set())} />
    </>
  );
}

function useColumns(realm: Realm, space: string, shown: readonly Machine[]): Column<Machine>[] {
  const isTargets = realm.kind === "machines";
  const ids = [...new Set(shown.flatMap(placesOf))];
  const nameOf = useNames(isTargets ? "environments" : "workerpools", space, ids);
  const places: Column<Machine> = {
    head: isTargets ? "Environments" : "Pools",
    cell: (one) => placesOf(one).map(nameOf).join(", "),
  };
  return [
    { head: isTargets ? "Target" : "Worker", cell: (one) => <Name realm={realm} space={space} machine={one} /> },
    { head: "Health", width: 150, cell: (one) => <Health machine={one} /> },
    places,
    ...(isTargets ? [tags] : []),
    {
      head: "Reached by",
      width: 200,
      cell: (one) => <NameCell name={<Text size="sm">{kindOf(one.Endpoint)}</Text>}>{addressOf(one)}</NameCell>,
    },
  ];
}

const tags: Column<Machine> = { head: "Target tags", cell: (one) => <Tags words={(one as Target).Roles ?? []} /> };

function placesOf(machine: Machine): readonly string[] {
  return (machine as Target).EnvironmentIds ?? (machine as Worker).WorkerPoolIds ?? [];
}

function Name({ realm, space, machine }: { realm: Realm; space: string; machine: Machine }) {
  const style = { c: "inherit", fw: 500, style: { overflowWrap: "anywhere" } } as const;
  if (realm.kind === "machines")
    return (
      <TextLink
        to="/app/$space/infrastructure/targets/$target"
        params={{ space, target: machine.Id }}
        search={{}}
        {...style}
      >
        {machine.Name}
      </TextLink>
    );
  return (
    <TextLink
      to="/app/$space/infrastructure/workers/$worker"
      params={{ space, worker: machine.Id }}
      search={{}}
      {...style}
    >
      {machine.Name}
    </TextLink>
  );
}

function Health({ machine }: { machine: Machine }) {
  const { of, word } = healthOf(machine);
  return (
    <span title={machine.StatusSummary}>
      <StateBadge of={of} word={word} />
    </span>
  );
}
