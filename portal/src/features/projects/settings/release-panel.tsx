import { Radio, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import { sentenceOf } from "@/api/errors";
import type { Project } from "@/api/reference";
import { MarkdownField } from "@/components/markdown-field";
import { Panel } from "@/components/page";
import type { Form } from "@/lib/use-form";
import { nextVersionQuery, type Settings, type Strategy } from "./api";

interface Props {
  space: string;
  project: Project;
  /** Of a project in Git. */
  branch: string | null;
  form: Form<Settings>;
}

const BY_TEMPLATE: Strategy = {
  Template: "#{Octopus.Version.LastMajor}.#{Octopus.Version.LastMinor}.#{Octopus.Version.NextPatch}",
  DonorPackage: null,
  DonorPackageStepId: null,
};

/** Where the version of a release comes from, and the notes that it begins with. */
export function ReleasePanel({ space, project, branch, form }: Props) {
  const strategy = form.value.VersioningStrategy ?? BY_TEMPLATE;
  const set = (change: Partial<Strategy>) =>
    form.set({ VersioningStrategy: { ...strategy, DonorPackageStepId: null, ...change } });
  const byPackage = Boolean(strategy.DonorPackage);
  const packages = useQuery(packagesQuery(space, project.Id, branch)).data ?? [];
  const first = packages[0];
  return (
    <Panel title="Releases">
      <Stack>
        <Radio.Group
          label="The version of a release"
          value={byPackage ? "package" : "template"}
          onChange={(value) => {
            if (value === "template") set(BY_TEMPLATE);
            else if (first) set({ Template: null, DonorPackage: donorOf(first) });
          }}
        >
          <Stack gap={6} mt={6}>
            <Radio value="template" label="Comes from a template" />
            <Radio
              value="package"
              label="Is the version of a package"
              disabled={!byPackage && packages.length === 0}
              description={packages.length === 0 ? "No step of the process has a package." : undefined}
            />
          </Stack>
        </Radio.Group>
        {byPackage ? (
          <Select
            label="Package"
            allowDeselect={false}
            data={optionsOf(packages, strategy)}
            value={keyOf(strategy.DonorPackage)}
            onChange={(key) => {
              const chosen = packages.find((one) => keyOf(donorOf(one)) === key);
              if (chosen) set({ Template: null, DonorPackage: donorOf(chosen) });
            }}
            error={form.fault("VersioningStrategy")}
          />
        ) : (
          <Template
            space={space}
            project={project}
            hasPreview={branch === null}
            template={strategy.Template ?? ""}
            onChange={(Template) => set({ Template, DonorPackage: null })}
            error={form.fault("VersioningStrategy.Template") ?? form.fault("VersioningStrategy")}
          />
        )}
        <MarkdownField
          label="Release notes template"
          description="What the notes of a new release begin with. Variables of the project are filled in."
          minRows={3}
          value={form.value.ReleaseNotesTemplate ?? ""}
          onChange={(event) => form.set({ ReleaseNotesTemplate: event.currentTarget.value || null })}
          error={form.fault("ReleaseNotesTemplate")}
        />
        <MarkdownField
          label="Deployment changes template"
          description="How the changes since the last deployment are told, such as in mails. Empty: a list of the releases."
          minRows={3}
          value={form.value.DeploymentChangesTemplate ?? ""}
          onChange={(event) => form.set({ DeploymentChangesTemplate: event.currentTarget.value || null })}
          error={form.fault("DeploymentChangesTemplate")}
        />
      </Stack>
    </Panel>
  );
}

interface TemplateProps {
  space: string;
  project: Project;
  /** The server tells it for projects in the database. */
  hasPreview: boolean;
  template: string;
  onChange: (template: string) => void;
  error: string | undefined;
}

function Template({ space, project, hasPreview, template, onChange, error }: TemplateProps) {
  const [tried] = useDebouncedValue(template.trim(), 400);
  const next = useQuery({ ...nextVersionQuery(space, project.Id, tried), enabled: hasPreview && tried !== "" });
  return (
    <div>
      <TextInput
        label="Version template"
        description="Numbers, text and variables; `i` counts on from the last release, as in 1.2.i."
        styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
        value={template}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error}
      />
      {hasPreview && tried !== "" && (
        <Text size="sm" mt={6} c={next.isError ? "red" : "dimmed"} role="status">
          {next.isError ? sentenceOf(next.error) : next.data && `The next release would be ${next.data.Version}.`}
        </Text>
      )}
    </div>
  );
}

type Package = Shape<"ReleaseTemplatePackage">;
type Donor = Strategy["DonorPackage"];

/** The packages that releases need, by the steps that use them. */
const packagesQuery = (space: string, projectId: string, branch: string | null) =>
  queryOptions({
    queryKey: ["release-packages", projectId, branch],
    queryFn: async () => {
      const path = { space, project_id: projectId };
      const template =
        branch === null
          ? await answer(
              api.GET("/api/{space}/projects/{project_id}/deploymentprocesses/template", { params: { path } }),
            )
          : await answer(
              api.GET("/api/{space}/projects/{project_id}/{git_ref}/deploymentprocesses/template", {
                params: { path: { ...path, git_ref: branch } },
              }),
            );
      return template.Packages;
    },
  });

function donorOf(one: Package): NonNullable<Donor> {
  return { DeploymentAction: one.ActionName, PackageReference: one.PackageReferenceName ?? "" };
}

function keyOf(donor: Donor): string | null {
  return donor ? `${donor.DeploymentAction}\n${donor.PackageReference ?? ""}` : null;
}

function optionsOf(packages: readonly Package[], { DonorPackage }: Strategy) {
  const options = packages.map((one) => ({
    value: keyOf(donorOf(one)) ?? "",
    label: `${one.PackageId} in the step ${one.ActionName}`,
  }));
  const chosen = keyOf(DonorPackage);
  if (chosen === null || options.some((one) => one.value === chosen)) return options;
  return [
    { value: chosen, label: `A package of the step ${DonorPackage?.DeploymentAction}, which is gone` },
    ...options,
  ];
}
