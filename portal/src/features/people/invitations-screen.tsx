import { IconMail, IconPlus } from "@tabler/icons-react";
import { keepPreviousData, queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, body, pageOf, type Shape } from "@/api/client";
import { useNames } from "@/api/things";
import { type Column, DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { ManyPicker } from "@/components/picker";
import { ShownOnce } from "@/components/shown-once";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { PAGE } from "@/lib/search";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import { useSpace } from "@/lib/use-space";

type Invitation = Shape<"Invitation">;

const pageQuery = (page: number) =>
  queryOptions({
    queryKey: ["invitations", page],
    queryFn: () => answer(api.GET("/api/users/invitations", { params: { query: pageOf(page, PAGE) } })),
    placeholderData: keepPreviousData,
  });

const INVITE = { permission: "UserInvite" };

/** The links with which people register themselves. A link is shown once, when it is made. */
export function InvitationsScreen() {
  const list = useList();
  const invitations = useQuery(pageQuery(list.page));
  const [inviting, setInviting] = useState(false);
  const client = useQueryClient();
  const withdrawing = useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/users/invitations/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["invitations"] }),
    onError: (error) => notifyError("The invitation was not withdrawn", error),
  });
  const teamName = useNames("teams", "", [...new Set(invitations.data?.Items.flatMap((one) => one.AddToTeamIds))]);
  const invite = (
    <ActionButton need={INVITE} leftSection={<IconPlus size={16} />} onClick={() => setInviting(true)}>
      Invite somebody
    </ActionButton>
  );
  return (
    <Page
      title="Invitations"
      crumbs={[{ text: "Users", to: "/app/users" }]}
      description="Links with which people choose a user name and a password themselves. Each is good for one person and 48 hours."
      actions={invite}
    >
      <ListPanel
        what="The invitations"
        list={list}
        query={invitations}
        empty={
          <EmptyState icon={IconMail} title="No open invitation" action={invite}>
            Make one, and send its link to the person that it is for.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Invitations"
            rows={items}
            columns={columnsOf(teamName, (one) => withdrawing.mutate(one.Id))}
            keyOf={(one) => one.Id}
          />
        )}
      </ListPanel>
      {inviting && <Invite onClose={() => setInviting(false)} />}
    </Page>
  );
}

function columnsOf(teamName: (id: string) => string, onWithdraw: (one: Invitation) => void): Column<Invitation>[] {
  return [
    { head: "Joins", cell: (one) => one.AddToTeamIds.map(teamName).join(", ") || "No team but Everyone" },
    { head: "Made by", width: 170, wideOnly: true, dimmed: true, cell: (one) => one.LastModifiedBy },
    { head: "Ends", width: 150, dimmed: true, cell: (one) => one.Expires && <Ago at={one.Expires} /> },
    {
      head: "Actions",
      spoken: true,
      width: 110,
      cell: (one) => (
        <ActionButton size="compact-sm" variant="default" need={INVITE} onClick={() => onWithdraw(one)}>
          Withdraw
        </ActionButton>
      ),
    },
  ];
}

const NONE: { AddToTeamIds: string[] } = { AddToTeamIds: [] };

function Invite({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const space = useSpace();
  const making = useMutation({
    mutationFn: (given: typeof NONE) => answer(api.POST("/api/users/invitations", { body: body<Invitation>(given) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["invitations"] }),
  });
  const form = useForm(NONE, making.error);
  if (making.data) {
    const link = `${window.location.origin}/app/register?code=${encodeURIComponent(making.data.InvitationCode)}`;
    return (
      <ShownOnce title="The invitation" text={link} onClose={onClose}>
        Send this link to the person now: its code is kept as a digest and cannot be shown again.
      </ShownOnce>
    );
  }
  return (
    <FormModal
      title="Invite somebody"
      action="Make the link"
      form={form}
      pending={making.isPending}
      onSubmit={() => making.mutate(form.value)}
      onClose={onClose}
    >
      <ManyPicker
        label="Teams to join"
        description="They may do what the roles of these teams give, as soon as they have registered."
        kind="teams"
        space={space}
        filters={{ includeSystem: "true" }}
        {...form.pick("AddToTeamIds")}
      />
    </FormModal>
  );
}
