import { useQuery } from "@tanstack/react-query";
import { FormModal } from "@/components/form";
import { Picker } from "@/components/picker";
import { useForm } from "@/lib/use-form";
import { useSpace } from "@/lib/use-space";
import { teamQuery, useJoinTeam } from "./teams-api";
import type { User } from "./users-api";

const NONE: { Team: string | null } = { Team: null };
const ALL_LEVELS = { includeSystem: "true" };

/** Puts a user into a team; the same can be done at the team for several users. */
export function JoinTeam({ user, onClose }: { user: User; onClose: () => void }) {
  const space = useSpace();
  const joining = useJoinTeam(user.Id);
  const form = useForm(NONE, joining.error);
  const { Team: chosen } = form.value;
  const { data: team } = useQuery({ ...teamQuery(chosen ?? ""), enabled: chosen !== null });
  return (
    <FormModal
      title={`Add ${user.DisplayName} to a team`}
      action="Add"
      form={form}
      pending={joining.isPending}
      need={team && { permission: "TeamEdit", space: team.SpaceId ?? undefined }}
      barred={chosen ? null : "Choose a team first."}
      onSubmit={() => chosen && joining.mutate(chosen, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Picker
        label="Team"
        description="Of the server, or of the space that you work in. They may do what its roles give, at once."
        kind="teams"
        space={space}
        filters={ALL_LEVELS}
        {...form.pick("Team")}
      />
    </FormModal>
  );
}
