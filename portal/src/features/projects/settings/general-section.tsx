import { Select, Stack, Switch, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lifecyclesQuery, type Project, projectGroupsQuery } from "@/api/reference";
import { FormFaults, SaveBar } from "@/components/form";
import { MarkdownField } from "@/components/markdown-field";
import { Panel } from "@/components/page";
import { TagFields } from "@/components/tag-fields";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { useProject } from "@/lib/use-project";
import { useSaveProject } from "./api";
import { CloneAndDelete } from "./clone-and-delete";
import { LogoField } from "./logo-field";
import classes from "./settings.module.css";

/** What a project is called, what it is, where it belongs. */
export function GeneralSection() {
  const { space, project } = useProject();
  const navigate = useNavigate();
  const groups = useQuery(projectGroupsQuery(space)).data ?? [];
  const lifecycles = useQuery(lifecyclesQuery(space)).data ?? [];
  const saving = useSaveProject(space, project.Slug);
  const [form, draft] = useDraftForm(`project:${project.Id}`, project, saving.error);
  const need = { permission: "ProjectEdit", space, project: project.Id, projectGroup: project.ProjectGroupId };
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (saved: Project) => {
        draft.accept(saved);
        notifyDone("The project is saved.");
        const to = "/app/$space/projects/$project/settings";
        // With another slug the project has another address.
        if (saved.Slug !== project.Slug) {
          void navigate({ to, params: { space, project: saved.Slug }, replace: true });
        }
      },
    });
  return (
    <>
      <TheirsNotice draft={draft} what="The project" />
      <FormFaults form={form} title="The project was not saved" />
      <Panel title="General">
        <Stack>
          <div className={classes.two}>
            <TextInput label="Name" required withAsterisk={false} {...form.field("Name")} />
            <TextInput
              label="Slug"
              description="Its name in addresses and for programs. A new one breaks links to the old one."
              inputWrapperOrder={["label", "input", "description", "error"]}
              {...form.field("Slug")}
            />
          </div>
          <MarkdownField label="Description" {...form.field("Description")} />
          <LogoField space={space} project={project} need={need} />
          <div className={classes.two}>
            <Select
              label="Project group"
              allowDeselect={false}
              searchable
              data={groups.map((one) => ({ value: one.Id, label: one.Name }))}
              {...form.pick("ProjectGroupId")}
              onChange={(value) => value && form.set({ ProjectGroupId: value })}
            />
            <Select
              label="Lifecycle"
              description="Which environments its releases go through. A channel can have another one."
              inputWrapperOrder={["label", "input", "description", "error"]}
              allowDeselect={false}
              searchable
              data={lifecycles.map((one) => ({ value: one.Id, label: one.Name }))}
              {...form.pick("LifecycleId")}
              onChange={(value) => value && form.set({ LifecycleId: value })}
            />
          </div>
          <Text size="sm" fw={500} mb={-10}>
            Project tags
          </Text>
          <TagFields
            space={space}
            scope="Project"
            value={form.value.ProjectTags}
            onChange={(tags) => form.set({ ProjectTags: tags })}
            error={form.fault("ProjectTags")}
          />
          <Switch
            label="Disabled"
            description="No release is created and nothing is deployed or run until it is enabled again."
            {...form.check("IsDisabled")}
          />
        </Stack>
      </Panel>
      <CloneAndDelete space={space} project={project} />
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
