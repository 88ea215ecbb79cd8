import { Button, Textarea, TextInput } from "@mantine/core";
import { IconArrowsSort, IconPlus, IconStack3 } from "@tabler/icons-react";
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { OrderModal } from "@/components/order-modal";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import { pageQuery, type Stored, useCreate, useRefresh } from "../crud";
import { HealthCounts } from "../health-counts";
import { type Counts, workerSummaryQuery } from "../summary";

type Pool = Stored<"workerpools">;

export function WorkerPoolsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/worker-pools" });
  const [open, setOpen] = useState<"add" | "order" | null>(null);
  const list = useList();
  const pools = useQuery(pageQuery("workerpools", space, list));
  const summary = useQuery(workerSummaryQuery(space)).data;
  const countsOf = (id: string) => summary?.WorkerPoolSummaries.find((one) => one.Id === id);
  return (
    <Page
      title="Worker pools"
      description="Groups of workers. A step names a pool, and one of its workers runs it."
      actions={
        <>
          {(pools.data?.TotalResults ?? 0) > 1 && (
            <Button variant="default" leftSection={<IconArrowsSort size={16} />} onClick={() => setOpen("order")}>
              Change the order
            </Button>
          )}
          <ActionButton
            need={{ permission: "WorkerEdit", space }}
            leftSection={<IconPlus size={16} />}
            onClick={() => setOpen("add")}
          >
            Add a pool
          </ActionButton>
        </>
      }
    >
      <ListPanel
        what="The worker pools"
        list={list}
        query={pools}
        find="Find by name"
        empty={
          <EmptyState icon={IconStack3} title="No worker pool">
            Add a pool for workers that have something in common, such as a network or tools.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label="Worker pools" rows={items} columns={columnsOf(space, countsOf)} keyOf={(one) => one.Id} />
        )}
      </ListPanel>
      {open === "add" && <AddPool space={space} onClose={() => setOpen(null)} />}
      {open === "order" && <OrderPools space={space} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function columnsOf(space: string, countsOf: (id: string) => Counts | undefined): Column<Pool>[] {
  return [
    {
      head: "Pool",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/infrastructure/worker-pools/$pool" params={{ space, pool: one.Id }} c="inherit">
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    {
      head: "What it is",
      width: 170,
      cell: (one) => <Tags words={wordsOf(one)} />,
    },
    {
      head: "Workers",
      width: 360,
      cell: (one) => {
        const counts = countsOf(one.Id);
        return counts && <HealthCounts space={space} counts={counts} pool={one.Id} />;
      },
    },
  ];
}

function wordsOf(pool: Pool): string[] {
  return [pool.WorkerPoolType === "DynamicWorkerPool" ? "Dynamic" : "Static", ...(pool.IsDefault ? ["Default"] : [])];
}

const NEW = { Name: "", Description: "" };

function AddPool({ space, onClose }: { space: string; onClose: () => void }) {
  const creating = useCreate("workerpools", space);
  const form = useForm(NEW, creating.error);
  const navigate = useNavigate();
  return (
    <FormModal
      title="Add a worker pool"
      action="Add"
      form={form}
      pending={creating.isPending}
      onSubmit={() =>
        creating.mutate(form.value, {
          onSuccess: (made) =>
            navigate({ to: "/app/$space/infrastructure/worker-pools/$pool", params: { space, pool: made.Id } }),
        })
      }
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus required withAsterisk={false} {...form.field("Name")} />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
    </FormModal>
  );
}

const everyPoolQuery = (space: string) =>
  queryOptions({
    queryKey: ["workerpools", space, "all"],
    queryFn: () => answer(api.GET("/api/{space}/workerpools/all", { params: { path: { space } } })),
  });

function OrderPools({ space, onClose }: { space: string; onClose: () => void }) {
  const pools = useQuery(everyPoolQuery(space)).data;
  const onSuccess = useRefresh("workerpools", space);
  const ordering = useMutation({
    mutationFn: (ids: string[]) =>
      answer(api.PUT("/api/{space}/workerpools/sortorder", { params: { path: { space } }, body: ids })),
    onSuccess,
  });
  if (!pools) return null;
  return (
    <OrderModal
      title="Order of the worker pools"
      things={pools}
      need={{ permission: "WorkerEdit", space }}
      pending={ordering.isPending}
      error={ordering.error}
      onSave={(ids) => ordering.mutate(ids, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}
