import { IconPlus, IconStethoscope } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { useList } from "@/lib/use-list";
import { pageQuery, type Stored } from "../crud";
import { scheduleWords } from "./schedule";

type Policy = Stored<"machinepolicies">;

export function MachinePoliciesScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/machine-policies" });
  const list = useList();
  const policies = useQuery(pageQuery("machinepolicies", space, list));
  return (
    <Page
      title="Machine policies"
      description="How targets and workers are checked, updated and cleaned up."
      actions={
        <Permitted need={{ permission: "MachinePolicyCreate", space }}>
          {(may) => (
            <ButtonLink
              to="/app/$space/infrastructure/machine-policies/new"
              params={{ space }}
              leftSection={<IconPlus size={16} />}
              disabled={!may}
            >
              Add a policy
            </ButtonLink>
          )}
        </Permitted>
      }
    >
      <ListPanel
        what="The machine policies"
        list={list}
        query={policies}
        find="Find by name"
        empty={
          <EmptyState icon={IconStethoscope} title="No machine policy">
            Add one for machines that are to be checked in another way.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label="Machine policies" rows={items} columns={columnsOf(space)} keyOf={(one) => one.Id} />
        )}
      </ListPanel>
    </Page>
  );
}

function columnsOf(space: string): Column<Policy>[] {
  return [
    {
      head: "Policy",
      cell: (one) => (
        <NameCell
          name={
            <TextLink
              to="/app/$space/infrastructure/machine-policies/$policy"
              params={{ space, policy: one.Id }}
              c="inherit"
            >
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    { head: "What it is", width: 110, cell: (one) => one.IsDefault && <Tags words={["Default"]} /> },
    { head: "Checks", width: 260, wideOnly: true, cell: (one) => scheduleWords(one.MachineHealthCheckPolicy) },
    {
      head: "Agents",
      width: 170,
      wideOnly: true,
      cell: (one) =>
        one.MachineUpdatePolicy?.TentacleUpdateBehavior === "Update" ? "Updated by themselves" : "Updated by people",
    },
  ];
}
