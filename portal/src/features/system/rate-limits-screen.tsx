import { NumberInput, Switch, Text } from "@mantine/core";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, type Shape } from "@/api/client";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { FormModal } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { useForm } from "@/lib/use-form";

type Policy = Shape<"RateLimitingPolicy">;

const policiesQuery = queryOptions({
  queryKey: ["rate-limits"],
  queryFn: async () => (await answer(api.GET("/api/ratelimitingpolicies"))).Items,
});

const CALLERS: Record<Policy["ScopeType"], string> = {
  Unauthenticated: "Each address from which somebody calls without being signed in",
  AuthenticatedHuman: "Each person, in a browser or with a key",
  AuthenticatedAgent: "Each service account",
};

/** How much each kind of caller may ask. */
export function RateLimitsScreen() {
  const policies = useQuery(policiesQuery);
  const [edited, setEdited] = useState<Policy | null>(null);
  return (
    <Page
      title="Rate limits"
      crumbs={[{ text: "Settings", to: "/app/settings" }]}
      description="How many requests each caller may send. Who sends more is told to wait, and until when."
    >
      <Panel flush>
        <Loaded query={policies} what="The rate limits" rows={3}>
          {(list) => (
            <DataTable
              label="Rate limits"
              rows={list}
              columns={columnsOf(setEdited)}
              keyOf={(one) => one.Id}
              minWidth={560}
            />
          )}
        </Loaded>
      </Panel>
      {edited && <EditPolicy policy={edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}

function columnsOf(onEdit: (policy: Policy) => void): Column<Policy>[] {
  return [
    { head: "Callers", cell: (one) => <NameCell name={one.Name}>{CALLERS[one.ScopeType]}</NameCell> },
    { head: "State", width: 150, cell: (one) => <State policy={one} /> },
    {
      head: "Requests",
      width: 210,
      cell: (one) => (
        <Text size="sm" className="numbers">
          {one.RequestsPerMinute.toLocaleString("en-US")} a minute, {one.BurstLimit.toLocaleString("en-US")} at once
        </Text>
      ),
    },
    {
      head: "Actions",
      spoken: true,
      width: 80,
      cell: (one) => (
        <ActionButton
          size="compact-sm"
          variant="default"
          need={{ permission: "ConfigureServer" }}
          onClick={() => onEdit(one)}
        >
          Edit
        </ActionButton>
      ),
    },
  ];
}

function State({ policy }: { policy: Policy }) {
  if (!policy.IsEnabled) return <StateBadge of="cancelled" word="Off" />;
  return policy.AuditMode ? <StateBadge of="waiting" word="Only logged" /> : <StateBadge of="success" word="On" />;
}

function EditPolicy({ policy, onClose }: { policy: Policy; onClose: () => void }) {
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: (given: Policy) =>
      answer(api.PUT("/api/ratelimitingpolicies/{id}", { params: { path: { id: policy.Id } }, body: given })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["rate-limits"] }),
  });
  const form = useForm(policy, saving.error);
  const number = (name: "RequestsPerMinute" | "BurstLimit") => ({
    value: form.value[name],
    onChange: (next: number | string) => form.set({ [name]: Number(next) }),
    error: form.fault(name),
    min: 1,
    allowDecimal: false,
    thousandSeparator: ",",
  });
  return (
    <FormModal
      title={`Rate limit: ${policy.Name}`}
      action="Save"
      form={form}
      pending={saving.isPending}
      onSubmit={() => saving.mutate(form.value, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Switch label="Switched on" {...form.check("IsEnabled")} />
      <Switch
        label="Only log"
        description="Nobody is refused; the server's log tells who would have been."
        {...form.check("AuditMode")}
      />
      <NumberInput label="Requests a minute" {...number("RequestsPerMinute")} />
      <NumberInput label="At once" description="So many more may come in a burst." {...number("BurstLimit")} />
    </FormModal>
  );
}
