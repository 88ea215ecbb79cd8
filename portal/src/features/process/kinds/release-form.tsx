import { Select, Textarea } from "@mantine/core";
import { useNames } from "@/api/things";
import { Picker } from "@/components/picker";
import { type ActionFormProps, useEditing } from "../form/context";
import { fieldsOf } from "../form/fields";
import { Section } from "../form/section";
import type { Action } from "../model/document";
import { primaryOf } from "../model/packages";
import { RELEASE_PROJECT, textIn, withText } from "../model/properties";

const RELEASE = "Octopus.Action.DeployRelease.";

const CONDITIONS = [
  { value: "Always", label: "Always" },
  { value: "IfNotCurrentVersion", label: "When another version is there" },
  { value: "IfNewer", label: "When it is newer than what is there" },
];

/** Deploys a release of another project, and waits for it. A release of this project chooses which one. */
export function ReleaseForm({ action, change }: ActionFormProps) {
  const { space } = useEditing();
  const fields = fieldsOf(action, change);
  const project = fields.value(RELEASE_PROJECT);
  const nameOf = useNames("projects", space, project ? [project] : []);
  return (
    <Section title="Release" summary={project ? nameOf(project) : "No project is chosen yet"} open>
      <Picker
        kind="projects"
        space={space}
        label="Project"
        description="Which release of it is deployed is chosen, like the version of a package, when a release is made."
        clearable={false}
        value={project || null}
        onChange={(id) => change((old) => withProject(old, id ?? ""))}
      />
      <Select
        label="Deploy it"
        allowDeselect={false}
        data={CONDITIONS}
        {...fields.choice(`${RELEASE}DeploymentCondition`, "Always")}
      />
      <Textarea
        label="Values for its prompted variables"
        description="One on each line, as Name=value; values may name variables of this project."
        autosize
        minRows={3}
        ff="monospace"
        placeholder={"Colour=blue\nReason=#{Octopus.Deployment.Comments}"}
        {...fields.text(`${RELEASE}Variables`)}
      />
    </Section>
  );
}

/** The server makes the project the step's package; one that named the old project must not stay. */
function withProject(action: Action, project: string): Action {
  const old = textIn(action.Properties, RELEASE_PROJECT);
  const primary = primaryOf(action);
  const packages =
    primary && primary.PackageId === old
      ? action.Packages.map((one) => (one === primary ? { ...one, PackageId: project } : one))
      : action.Packages;
  return { ...action, Packages: packages, Properties: withText(action.Properties, RELEASE_PROJECT, project) };
}
