import { Checkbox, Select, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Project } from "@/api/reference";
import { BranchPicker, useBranch } from "@/components/branch-picker";
import { FormFaults, SaveBar } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import type { Form } from "@/lib/use-form";
import { useProject } from "@/lib/use-project";
import { type Settings, settingsQuery, useSaveSettings } from "./api";
import { ReleasePanel } from "./release-panel";
import { TargetsPanel } from "./targets-panel";

/** How the project's releases are numbered and how its deployments behave. */
export function DeploymentSection() {
  const { space, project } = useProject();
  const branch = useBranch(project);
  const settings = useQuery(settingsQuery(space, project.Id, branch));
  return (
    <>
      <BranchPicker space={space} project={project} />
      <Loaded query={settings} what="The deployment settings" rows={8}>
        {(data) => <SettingsForm key={branch ?? ""} space={space} project={project} branch={branch} settings={data} />}
      </Loaded>
    </>
  );
}

interface FormProps {
  space: string;
  project: Project;
  branch: string | null;
  settings: Settings;
}

function SettingsForm({ space, project, branch, settings }: FormProps) {
  const saving = useSaveSettings(space, project.Id, branch);
  const [message, setMessage] = useState("");
  const [form, draft] = useDraftForm(`settings:${project.Id}:${branch ?? ""}`, settings, saving.error);
  const need = { permission: "ProjectEdit", space, project: project.Id, projectGroup: project.ProjectGroupId };
  const save = () =>
    saving.mutate(
      { settings: form.value, message },
      {
        onSuccess: (saved) => {
          draft.accept(saved);
          setMessage("");
          notifyDone(branch === null ? "The settings are saved." : `The settings are committed to ${branch}.`);
        },
      },
    );
  return (
    <>
      <TheirsNotice draft={draft} what="The settings" />
      <FormFaults form={form} title="The settings were not saved" />
      <ReleasePanel space={space} project={project} branch={branch} form={form} />
      <FailurePanel form={form} />
      <TargetsPanel space={space} form={form} />
      <PackagesPanel form={form} />
      <QueuePanel form={form} />
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      >
        {branch !== null && (
          <TextInput
            aria-label="What this commit changes"
            placeholder="What this commit changes"
            value={message}
            onChange={(event) => setMessage(event.currentTarget.value)}
          />
        )}
      </SaveBar>
    </>
  );
}

const GUIDED = [
  { value: "EnvironmentDefault", label: "As the environment says" },
  { value: "On", label: "Ask what to do" },
  { value: "Off", label: "Fail at once" },
];

function FailurePanel({ form }: { form: Form<Settings> }) {
  return (
    <Panel title="When a step fails">
      <Select
        label="Guided failure"
        description="A deployment that asks waits until somebody chooses: retry, ignore, leave out the target, or fail."
        allowDeselect={false}
        data={GUIDED}
        value={form.value.DefaultGuidedFailureMode}
        onChange={(value) => form.set({ DefaultGuidedFailureMode: (value ?? "EnvironmentDefault") as Guided })}
        error={form.fault("DefaultGuidedFailureMode")}
      />
    </Panel>
  );
}

type Guided = Settings["DefaultGuidedFailureMode"];

function PackagesPanel({ form }: { form: Form<Settings> }) {
  return (
    <Panel title="Packages">
      <Stack gap="sm">
        <Checkbox
          label="Skip steps whose packages are installed already"
          description="The choice that deployments begin with; each deployment can decide otherwise."
          {...form.check("DefaultToSkipIfAlreadyInstalled")}
        />
        <Checkbox
          label="Download packages again"
          description="From the feed, even when a target has the version already. Also what deployments begin with."
          {...form.check("ForcePackageDownload")}
        />
      </Stack>
    </Panel>
  );
}

function QueuePanel({ form }: { form: Form<Settings> }) {
  return (
    <Panel title="When a newer deployment begins">
      <Stack gap="sm">
        <Checkbox
          label="Cancel older deployments that are still queued"
          description="For the same environment and tenant, so that only the newest is deployed."
          {...form.check("CancelQueuedTasks")}
        />
        <Checkbox
          label="Cancel older deployments that run"
          description="The newest does not wait until an older one is finished."
          {...form.check("CancelRunningTasks")}
        />
      </Stack>
    </Panel>
  );
}
