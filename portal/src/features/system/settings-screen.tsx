import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import { Fragment } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { type Section, sectionsQuery, statesQuery } from "./settings-api";
import { groupsOf, REST } from "./settings-groups";

/** All sections of the configuration by what they are about, with those that are switched on. */
export function SettingsScreen() {
  const sections = useQuery(sectionsQuery);
  const { data: states = {} } = useQuery(statesQuery(sections.data?.map((one) => one.Id) ?? []));
  return (
    <Page title="Settings" description="What holds for the whole server and all of its spaces.">
      <Stack gap="md" maw={900}>
        <Loaded query={sections} what="The settings" rows={8}>
          {(list) =>
            groupsOf(list).map((group) => (
              <Fragment key={group.name}>
                {group.name === REST && <Protection />}
                <Panel title={group.name} flush>
                  <DataTable
                    label={group.name}
                    rows={group.sections}
                    columns={columnsOf(states, group.isSignIn)}
                    keyOf={(one) => one.Id}
                  />
                </Panel>
              </Fragment>
            ))
          }
        </Loaded>
      </Stack>
    </Page>
  );
}

function Protection() {
  return (
    <Panel title="Protection" flush>
      <DataTable label="Protection" rows={PROTECTION} columns={PROTECTION_COLUMNS} keyOf={(one) => one.word} />
    </Panel>
  );
}

const PROTECTION = [
  {
    word: "Rate limits",
    link: linkOptions({ to: "/app/settings/rate-limits" }),
    description: "How many requests each caller may send.",
  },
  {
    word: "Signing keys",
    link: linkOptions({ to: "/app/settings/signing-keys" }),
    description: "By which clouds know this server's deployments.",
  },
];

const PROTECTION_COLUMNS: Column<(typeof PROTECTION)[number]>[] = [
  {
    head: "Section",
    cell: (one) => (
      <NameCell
        name={
          <TextLink {...one.link} c="inherit">
            {one.word}
          </TextLink>
        }
      >
        {one.description}
      </NameCell>
    ),
  },
];

function columnsOf(states: Record<string, boolean | null>, isSignIn: boolean): Column<Section>[] {
  return [
    {
      head: isSignIn ? "Way" : "Section",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/settings/$section" params={{ section: one.Id }} c="inherit">
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    { head: "State", spoken: true, width: 120, cell: (one) => <State is={states[one.Id] ?? null} /> },
  ];
}

function State({ is }: { is: boolean | null }) {
  if (is === null) return null;
  return <StateBadge of={is ? "success" : "cancelled"} word={is ? "On" : "Off"} />;
}
