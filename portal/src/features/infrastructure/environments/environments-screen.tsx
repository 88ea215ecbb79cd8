import { Button, Textarea, TextInput } from "@mantine/core";
import { IconArrowsSort, IconPlus, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Environment, environmentsQuery } from "@/api/reference";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { OrderModal } from "@/components/order-modal";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import { HealthCounts } from "../health-counts";
import { type Counts, targetSummaryQuery } from "../summary";
import { environmentPageQuery, useAddEnvironment, useOrderEnvironments } from "./api";

export function EnvironmentsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/environments" });
  const [open, setOpen] = useState<"add" | "order" | null>(null);
  const list = useList();
  const environments = useQuery(environmentPageQuery(space, list));
  const ids = (environments.data?.Items ?? []).map((one) => one.Id);
  const summary = useQuery({ ...targetSummaryQuery(space, ids), enabled: ids.length > 0 }).data;
  const countsOf = (id: string) => summary?.EnvironmentSummaries.find((one) => one.Id === id);
  const add = (
    <ActionButton
      need={{ permission: "EnvironmentCreate", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setOpen("add")}
    >
      Add an environment
    </ActionButton>
  );
  const several = (environments.data?.TotalResults ?? 0) > 1;
  return (
    <Page
      title="Environments"
      description="The places that releases go through, in their order."
      actions={
        <>
          {several && (
            <Button variant="default" leftSection={<IconArrowsSort size={16} />} onClick={() => setOpen("order")}>
              Change the order
            </Button>
          )}
          {add}
        </>
      }
    >
      <ListPanel
        what="The environments"
        list={list}
        query={environments}
        find="Find by name"
        empty={
          <EmptyState icon={IconWorld} title="No environment yet" action={add}>
            Begin with the one that every release goes to first, often called Development; then add those after it.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label="Environments" rows={items} columns={columnsOf(space, countsOf)} keyOf={(one) => one.Id} />
        )}
      </ListPanel>
      {open === "add" && <AddEnvironment space={space} onClose={() => setOpen(null)} />}
      {open === "order" && <OrderEnvironments space={space} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function columnsOf(space: string, countsOf: (id: string) => Counts | undefined): Column<Environment>[] {
  return [
    {
      head: "Environment",
      cell: (one) => (
        <NameCell
          name={
            <TextLink
              to="/app/$space/infrastructure/environments/$environment"
              params={{ space, environment: one.Id }}
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
    {
      head: "Targets",
      width: 130,
      cell: (one) => {
        const count = countsOf(one.Id)?.TotalMachines;
        if (count === undefined) return null;
        return (
          <TextLink
            to="/app/$space/infrastructure/targets"
            params={{ space }}
            search={{ environment: one.Id }}
            size="sm"
            className="numbers"
          >
            {count === 1 ? "1 target" : `${count.toLocaleString("en-US")} targets`}
          </TextLink>
        );
      },
    },
    {
      head: "Health",
      width: 420,
      wideOnly: true,
      cell: (one) => {
        const counts = countsOf(one.Id);
        return counts && <HealthCounts space={space} counts={counts} environment={one.Id} />;
      },
    },
  ];
}

const NEW = { Name: "", Description: "" };

function AddEnvironment({ space, onClose }: { space: string; onClose: () => void }) {
  const adding = useAddEnvironment(space);
  const form = useForm(NEW, adding.error);
  const navigate = useNavigate();
  return (
    <FormModal
      title="Add an environment"
      action="Add"
      form={form}
      pending={adding.isPending}
      onSubmit={() =>
        adding.mutate(form.value, {
          onSuccess: () => {
            onClose();
            void navigate({ to: ".", search: {} });
          },
        })
      }
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Development"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
    </FormModal>
  );
}

function OrderEnvironments({ space, onClose }: { space: string; onClose: () => void }) {
  const environments = useQuery(environmentsQuery(space)).data;
  const ordering = useOrderEnvironments(space);
  if (!environments) return null;
  return (
    <OrderModal
      title="Order of the environments"
      things={environments}
      need={{ permission: "EnvironmentEdit", space }}
      pending={ordering.isPending}
      error={ordering.error}
      onSave={(ids) => ordering.mutate(ids, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
