import { Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { spacesQuery } from "@/api/session";
import { DeleteButton } from "@/components/delete-button";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { useForm } from "@/lib/use-form";
import { ExternalGroups } from "./external-groups";
import { TeamMembers } from "./team-members";
import { TeamRoles } from "./team-roles";
import { type Team, teamQuery, useChangeTeam, useDeleteTeam } from "./teams-api";

/** Who belongs to a team, and what its roles give them. */
export function TeamScreen() {
  const { team: id } = useParams({ from: "/shell/app/teams/$team" });
  const team = useQuery(teamQuery(id));
  const { data: spaces } = useQuery(spacesQuery);
  const space = team.data?.SpaceId;
  const place = space ? `Of the space ${spaces?.find((one) => one.Id === space)?.Name ?? space}` : "Of the server";
  return (
    <Page
      title={team.data?.Name ?? id}
      crumbs={[{ text: "Teams", to: "/app/teams" }]}
      aside={team.data && !team.data.CanBeDeleted && <Tags words={["Built in"]} />}
      description={team.data && [place, team.data.Description].filter(Boolean).join(". ")}
      actions={team.data && <Actions team={team.data} />}
    >
      <Loaded query={team} what="The team">
        {(found) => (
          <Stack gap="md" maw={1000}>
            <TeamRoles team={found} />
            <TeamMembers team={found} />
            {found.Id !== "teams-everyone" && <ExternalGroups team={found} />}
            <Text size="sm">
              <TextLink to="/app/audit" search={{ regarding: found.Id }} size="sm">
                Who changed this team
              </TextLink>
            </Text>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ team }: { team: Team }) {
  const [editing, setEditing] = useState(false);
  const navigate = useNavigate();
  const deleting = useDeleteTeam();
  const space = team.SpaceId ?? undefined;
  return (
    <>
      <ActionButton variant="default" need={{ permission: "TeamEdit", space }} onClick={() => setEditing(true)}>
        Edit
      </ActionButton>
      <DeleteButton
        what={`the team ${team.Name}`}
        need={{ permission: "TeamDelete", space }}
        barred={team.CanBeDeleted ? null : "The team is built in and cannot be deleted."}
        deleting={() => deleting.mutateAsync(team.Id)}
        onDeleted={() => void navigate({ to: "/app/teams" })}
      >
        Its members lose at once what only this team let them do.
      </DeleteButton>
      {editing && <EditTeam team={team} onClose={() => setEditing(false)} />}
    </>
  );
}

function EditTeam({ team, onClose }: { team: Team; onClose: () => void }) {
  const changing = useChangeTeam(team.Id);
  const form = useForm({ Name: team.Name, Description: team.Description }, changing.error);
  return (
    <FormModal
      title={`Edit ${team.Name}`}
      action="Save"
      form={form}
      pending={changing.isPending}
      onSubmit={() => changing.mutate(() => form.value, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description={team.CanBeRenamed ? undefined : "The team is built in and keeps its name."}
        readOnly={!team.CanBeRenamed}
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} data-autofocus {...form.field("Description")} />
    </FormModal>
  );
}
