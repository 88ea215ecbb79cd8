import { Checkbox, MultiSelect, Select, Stack, TagsInput, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Place, processPlacesQuery } from "@/api/process-places";
import { environmentsQuery, type Project } from "@/api/reference";
import { useBranch } from "@/components/branch-picker";
import { SecretField } from "@/components/secret-field";
import { TargetTagInput } from "@/components/tag-input";
import type { Form } from "@/lib/use-form";
import { eventCategoriesQuery, eventGroupsQuery, type Filter, type Trigger } from "./api";
import { kindOf } from "./kinds";
import { ScheduleFields } from "./schedule-fields";

interface Props {
  space: string;
  project: Project;
  form: Form<Trigger>;
}

/** What the trigger waits for. */
export function FilterFields({ space, project, form }: Props) {
  const set = (patch: Partial<Filter>) => form.set({ Filter: { ...form.value.Filter, ...patch } });
  switch (kindOf(form.value.Filter)) {
    case "machine":
      return <MachineFields space={space} form={form} set={set} />;
    case "feed":
      return <FeedFields space={space} project={project} form={form} set={set} />;
    case "git":
      return <GitFields space={space} project={project} form={form} set={set} />;
    case "webhook":
      return <WebhookFields form={form} set={set} />;
    default:
      return <ScheduleFields space={space} form={form} set={set} />;
  }
}

interface FieldProps {
  form: Form<Trigger>;
  set: (patch: Partial<Filter>) => void;
}

function MachineFields({ space, form, set }: FieldProps & { space: string }) {
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const groups = useQuery(eventGroupsQuery(space)).data ?? [];
  const categories = useQuery(eventCategoriesQuery(space)).data ?? [];
  const filter = form.value.Filter;
  const ofMachines = groups.filter((one) => one.Id.startsWith("Machine"));
  return (
    <Stack gap="sm">
      <MultiSelect
        label="Groups of events"
        data={ofMachines.map((one) => ({ value: one.Id, label: one.Name }))}
        value={filter.EventGroups ?? []}
        onChange={(EventGroups) => set({ EventGroups })}
        hidePickedOptions
        error={form.fault("Filter.EventGroups")}
      />
      <MultiSelect
        label="Single events"
        searchable
        hidePickedOptions
        data={categories
          .filter((one) => one.Id.startsWith("Machine"))
          .map((one) => ({ value: one.Id, label: one.Name }))}
        value={filter.EventCategories ?? []}
        onChange={(EventCategories) => set({ EventCategories })}
        error={form.fault("Filter.EventCategories")}
      />
      <MultiSelect
        label="Only in environments"
        placeholder={(filter.EnvironmentIds ?? []).length === 0 ? "Any environment" : undefined}
        searchable
        hidePickedOptions
        data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
        value={filter.EnvironmentIds ?? []}
        onChange={(EnvironmentIds) => set({ EnvironmentIds })}
        error={form.fault("Filter.EnvironmentIds")}
      />
      <TargetTagInput
        space={space}
        label="Only targets with one of the tags"
        value={filter.Roles ?? []}
        onChange={(Roles) => set({ Roles })}
        error={form.fault("Filter.Roles")}
      />
    </Stack>
  );
}

const FEEDS = [
  { value: "ArcFeedFilter", label: "Packages that are pushed to the built-in feed" },
  { value: "FeedFilter", label: "Packages of external feeds" },
];

function FeedFields({ space, project, form, set }: FieldProps & { space: string; project: Project }) {
  const branch = useBranch(project);
  const places = useQuery(processPlacesQuery(space, project.Id, branch)).data?.packages ?? [];
  const filter = form.value.Filter;
  const chosen = (filter.Packages ?? []).map(
    (one) => `${one.DeploymentActionSlug ?? one.DeploymentAction ?? ""}/${one.PackageReference ?? ""}`,
  );
  const choose = (keys: string[]) =>
    set({
      Packages: keys.map((key) => {
        const cut = key.indexOf("/");
        return {
          DeploymentActionSlug: key.slice(0, cut),
          DeploymentAction: null,
          PackageReference: key.slice(cut + 1),
        };
      }),
    });
  return (
    <Stack gap="sm">
      <Select
        label="Which packages"
        data={FEEDS}
        value={filter.FilterType}
        allowDeselect={false}
        onChange={(value) => value && set({ FilterType: value as Filter["FilterType"] })}
      />
      <PlacesField
        label="Packages of"
        places={places}
        value={chosen}
        onChange={choose}
        none="The process has no package yet: add a step that uses one."
        error={form.fault("Filter.Packages")}
      />
      <Text size="sm" c="dimmed">
        A release is made when a new version of the last of them has come.
      </Text>
    </Stack>
  );
}

function GitFields({ space, project, form, set }: FieldProps & { space: string; project: Project }) {
  const branch = useBranch(project);
  const places = useQuery(processPlacesQuery(space, project.Id, branch)).data?.repositories ?? [];
  const sources = form.value.Filter.Sources ?? [];
  const [first] = sources;
  const paths = { IncludeFilePaths: first?.IncludeFilePaths ?? [], ExcludeFilePaths: first?.ExcludeFilePaths ?? [] };
  const choose = (keys: string[]) =>
    set({
      Sources: keys.map((key) => {
        const cut = key.indexOf("/");
        const [slug, name] = [key.slice(0, cut), key.slice(cut + 1)];
        const old = sources.find((one) => one.DeploymentActionSlug === slug && one.GitDependencyName === name);
        return old ?? { DeploymentActionSlug: slug, GitDependencyName: name, ...paths };
      }),
    });
  const setPaths = (patch: Partial<typeof paths>) => set({ Sources: sources.map((one) => ({ ...one, ...patch })) });
  return (
    <Stack gap="sm">
      <PlacesField
        label="Repositories of"
        places={places}
        value={sources.map((one) => `${one.DeploymentActionSlug}/${one.GitDependencyName}`)}
        onChange={choose}
        none="No step takes files from a Git repository yet."
        error={form.fault("Filter.Sources")}
      />
      <TagsInput
        label="Only when these files change"
        description="Patterns such as deploy/**; any file when there is none."
        value={paths.IncludeFilePaths}
        onChange={(IncludeFilePaths) => setPaths({ IncludeFilePaths })}
        disabled={sources.length === 0}
        acceptValueOnBlur
      />
      <TagsInput
        label="But not when only these change"
        value={paths.ExcludeFilePaths}
        onChange={(ExcludeFilePaths) => setPaths({ ExcludeFilePaths })}
        disabled={sources.length === 0}
        acceptValueOnBlur
      />
    </Stack>
  );
}

interface PlacesProps {
  label: string;
  places: Place[];
  value: string[];
  onChange: (keys: string[]) => void;
  none: string;
  error?: string;
}

function PlacesField({ label, places, value, onChange, none, error }: PlacesProps) {
  const known = places.map((one) => ({ value: `${one.slug}/${one.name}`, label: one.title }));
  const gone = value.filter((key) => !known.some((one) => one.value === key));
  return (
    <MultiSelect
      label={label}
      description={known.length === 0 ? none : undefined}
      searchable
      hidePickedOptions
      data={[...known, ...gone.map((key) => ({ value: key, label: `${key.replace(/\/$/, "")} (not there now)` }))]}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}

function WebhookFields({ form, set }: FieldProps) {
  const filter = form.value.Filter;
  return (
    <Stack gap="sm">
      {filter.WebhookId ? (
        <Text size="sm">
          The id of its address is <code>{filter.WebhookId}</code>.
        </Text>
      ) : (
        <Text size="sm" c="dimmed">
          It gets an address of its own when it is saved.
        </Text>
      )}
      <Checkbox
        label="Whoever calls it needs an API key"
        checked={filter.RequireApiKey ?? false}
        onChange={(event) => set({ RequireApiKey: event.currentTarget.checked })}
      />
      <SecretField
        label="Secret"
        description="What the caller has to send along."
        value={filter.Secret}
        onChange={(Secret) => set({ Secret })}
        error={form.fault("Filter.Secret")}
      />
    </Stack>
  );
}
