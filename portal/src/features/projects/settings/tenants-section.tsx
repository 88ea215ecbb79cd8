import { Checkbox, Select, Stack } from "@mantine/core";
import type { Project } from "@/api/reference";
import { FormFaults, SaveBar } from "@/components/form";
import { Panel } from "@/components/page";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { useProject } from "@/lib/use-project";
import { useSaveProject } from "./api";

const TENANTED = [
  { value: "Untenanted", label: "Only without tenants" },
  { value: "TenantedOrUntenanted", label: "With and without tenants" },
  { value: "Tenanted", label: "Only for tenants" },
];

/** What of the deployments belongs to the project itself: it is kept on the server, also for a project in Git. */
export function TenantsSection() {
  const { space, project } = useProject();
  const saving = useSaveProject(space, project.Slug);
  const [form, draft] = useDraftForm(`rules:${project.Id}`, project, saving.error);
  const need = { permission: "ProjectEdit", space, project: project.Id, projectGroup: project.ProjectGroupId };
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (saved) => {
        draft.accept(saved);
        notifyDone("The project is saved.");
      },
    });
  return (
    <>
      <TheirsNotice draft={draft} what="The project" />
      <FormFaults form={form} title="The project was not saved" />
      <Panel title="Tenants and channels">
        <Stack gap="sm">
          <Select
            label="Deployments for tenants"
            description="Tenants are customers, regions or teams that each get a deployment of their own."
            allowDeselect={false}
            data={TENANTED}
            value={form.value.TenantedDeploymentMode}
            onChange={(value) => form.set({ TenantedDeploymentMode: (value ?? "Untenanted") as Mode })}
            error={form.fault("TenantedDeploymentMode")}
          />
          <Checkbox
            label="Releases of different channels live side by side"
            description="The dashboard shows one of each channel, and a channel's release replaces none of another one."
            {...form.check("DiscreteChannelRelease")}
          />
          <Checkbox
            label="Allow releases that break the rules of their channel"
            description="Who creates a release may then say that the rules do not count for it."
            {...form.check("AllowIgnoreChannelRules")}
          />
        </Stack>
      </Panel>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}

type Mode = Project["TenantedDeploymentMode"];
