import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { ButtonLink, TextLink } from "@/components/links";
import { Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { healthOf } from "../kinds";
import { machinePageQuery } from "../machines/api";
import { AILING } from "../machines/filters";
import { type Machine, TARGETS } from "../machines/realm";

const SHOWN = 8;

/** The targets that a person should look at, with what the last check said. Nothing when all are well. */
export function Ailing({ space }: { space: string }) {
  const filters = { healthStatuses: AILING, isDisabled: "false" };
  const { data } = useQuery(machinePageQuery(TARGETS, space, { q: "", page: 1 }, filters));
  if (!data || data.TotalResults === 0) return null;
  return (
    <Panel
      title="Look at these"
      flush
      aside={
        data.TotalResults > SHOWN && (
          <ButtonLink
            to="/app/$space/infrastructure/targets"
            params={{ space }}
            search={{ health: AILING, disabled: "false" }}
            variant="default"
            size="compact-sm"
          >
            Show all {data.TotalResults.toLocaleString("en-US")}
          </ButtonLink>
        )
      }
    >
      <DataTable
        label="Targets that are not well"
        rows={data.Items.slice(0, SHOWN)}
        columns={columnsOf(space)}
        keyOf={(one) => one.Id}
      />
    </Panel>
  );
}

function columnsOf(space: string): Column<Machine>[] {
  return [
    {
      head: "Target",
      cell: (one) => (
        <NameCell
          name={
            <TextLink
              to="/app/$space/infrastructure/targets/$target"
              params={{ space, target: one.Id }}
              search={{}}
              c="inherit"
            >
              {one.Name}
            </TextLink>
          }
        >
          <Text size="xs" lineClamp={2} component="span" title={one.StatusSummary}>
            {one.StatusSummary}
          </Text>
        </NameCell>
      ),
    },
    {
      head: "Health",
      width: 150,
      cell: (one) => {
        const { of, word } = healthOf(one);
        return <StateBadge of={of} word={word} />;
      },
    },
  ];
}
