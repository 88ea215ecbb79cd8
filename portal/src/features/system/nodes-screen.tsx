import { Group, NumberInput } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { AskDelete } from "@/components/delete-button";
import { FormModal } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { Tags } from "@/components/tags";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { useForm } from "@/lib/use-form";

type Node = Shape<"OctopusServerNode">;

const nodesQuery = queryOptions({
  queryKey: ["nodes"],
  queryFn: () => answer(api.GET("/api/octopusservernodes/all")),
  refetchInterval: 5000,
});

const ADMINISTER = { permission: "AdministerSystem" };

function useNodes() {
  const client = useQueryClient();
  const onSettled = () => client.invalidateQueries({ queryKey: ["nodes"] });
  const change = useMutation({
    mutationFn: (node: Node) =>
      answer(api.PUT("/api/octopusservernodes/{id}", { params: { path: { id: node.Id } }, body: node })),
    onSettled,
  });
  const forget = useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/octopusservernodes/{id}", { params: { path: { id } } })),
    onSettled,
  });
  return { change, forget };
}

/** The processes that are the server together: how much each does at one time, and whether it takes more. */
export function NodesScreen() {
  const nodes = useQuery(nodesQuery);
  const { change, forget } = useNodes();
  const [edited, setEdited] = useState<Node | null>(null);
  const [leaving, setLeaving] = useState<Node | null>(null);
  const drain = (node: Node) =>
    change.mutate(
      { ...node, IsInMaintenanceMode: !node.IsInMaintenanceMode },
      { onError: (error) => notifyError(`${node.Name} was not changed`, error) },
    );
  return (
    <Page
      title="Nodes"
      description="The processes that are the server together. Tasks go to any of them; a node that drains ends what it runs and takes nothing new."
    >
      <Panel flush>
        <Loaded query={nodes} what="The nodes" rows={3}>
          {(list) => (
            <DataTable
              label="Nodes"
              rows={list}
              columns={columnsOf({ onDrain: drain, onEdit: setEdited, onForget: setLeaving })}
              keyOf={(node) => node.Id}
              minWidth={640}
              isMuted={(node) => node.IsOffline}
            />
          )}
        </Loaded>
      </Panel>
      {edited && <TaskCap node={edited} onClose={() => setEdited(null)} />}
      {leaving && (
        <AskDelete
          what={`the node ${leaving.Name}`}
          deleting={() => forget.mutateAsync(leaving.Id)}
          onDeleted={() => setLeaving(null)}
          onClose={() => setLeaving(null)}
        >
          What was set for it is forgotten. Should a process of this name start again, it is listed again.
        </AskDelete>
      )}
    </Page>
  );
}

interface Actions {
  onDrain: (node: Node) => void;
  onEdit: (node: Node) => void;
  onForget: (node: Node) => void;
}

function columnsOf({ onDrain, onEdit, onForget }: Actions): Column<Node>[] {
  return [
    {
      head: "Node",
      cell: (node) => (
        <Group gap="sm">
          <NameCell name={node.Name} />
          {node.IsLeader && <Tags words={["Leader"]} />}
        </Group>
      ),
    },
    { head: "State", width: 150, cell: (node) => <State node={node} /> },
    {
      head: "Tasks",
      width: 170,
      cell: (node) => (
        <span className="numbers">
          {node.RunningTaskCount} of {node.MaxConcurrentTasks} at a time
        </span>
      ),
    },
    { head: "Last seen", width: 140, dimmed: true, cell: (node) => node.LastSeen && <Ago at={node.LastSeen} /> },
    {
      head: "Actions",
      spoken: true,
      width: 210,
      cell: (node) => (
        <Group gap={6} wrap="nowrap" justify="flex-end">
          <ActionButton size="compact-sm" variant="default" need={ADMINISTER} onClick={() => onEdit(node)}>
            Set the cap
          </ActionButton>
          {node.IsOffline ? (
            <ActionButton size="compact-sm" variant="default" need={ADMINISTER} onClick={() => onForget(node)}>
              Delete
            </ActionButton>
          ) : (
            <ActionButton size="compact-sm" variant="default" need={ADMINISTER} onClick={() => onDrain(node)}>
              {node.IsInMaintenanceMode ? "Take work" : "Drain"}
            </ActionButton>
          )}
        </Group>
      ),
    },
  ];
}

function State({ node }: { node: Node }) {
  if (node.IsOffline) return <StateBadge of="failed" word="Not running" />;
  if (node.IsInMaintenanceMode) return <StateBadge of="waiting" word="Drains" />;
  return <StateBadge of="success" word="Takes work" />;
}

function TaskCap({ node, onClose }: { node: Node; onClose: () => void }) {
  const { change } = useNodes();
  const form = useForm({ MaxConcurrentTasks: node.MaxConcurrentTasks as number | string }, change.error);
  const save = () =>
    change.mutate({ ...node, MaxConcurrentTasks: Number(form.value.MaxConcurrentTasks) }, { onSuccess: onClose });
  return (
    <FormModal
      title={`How much ${node.Name} does`}
      action="Save"
      form={form}
      pending={change.isPending}
      onSubmit={save}
      onClose={onClose}
    >
      <NumberInput
        label="Tasks at one time"
        description="More of them wait for their turn."
        data-autofocus
        min={1}
        max={1000}
        allowDecimal={false}
        required
        withAsterisk={false}
        {...form.pick("MaxConcurrentTasks")}
      />
    </FormModal>
  );
}
