import { TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { Template } from "./api";
import { releasePageQuery } from "./list-api";
import { keyOf, type Versions } from "./package-choices";

interface Props {
  space: string;
  project: string;
  template: Template;
  versions: Versions;
  /** Null while the proposed one is meant. */
  value: string | null;
  onChange: (version: string) => void;
}

/** The version that a new release gets when nobody types one: from the template, or from a package. */
export function proposedVersion(template: Template, versions: Versions): string {
  if (template.VersioningPackageStepName === null) return template.NextVersionIncrement;
  const donor = {
    ActionName: template.VersioningPackageStepName,
    PackageReferenceName: template.VersioningPackageReferenceName,
  };
  return versions[keyOf(donor)] ?? "";
}

/** The version of a new release; that there is one of it already is said before it is sent. */
export function VersionField({ space, project, template, versions, value, onChange }: Props) {
  const shown = value ?? proposedVersion(template, versions);
  const [sought] = useDebouncedValue(shown.trim(), 400);
  const existing = useQuery({
    ...releasePageQuery(space, project, { q: sought, page: 1 }),
    enabled: sought !== "" && !sought.includes("#{"),
    refetchInterval: false,
  });
  const isTaken = existing.data?.Items.some((one) => one.Version.toLowerCase() === shown.trim().toLowerCase());
  return (
    <TextInput
      label="Version"
      description={descriptionOf(template)}
      required
      withAsterisk={false}
      value={shown}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={isTaken && "The project has a release of this version already."}
    />
  );
}

function descriptionOf(template: Template): string {
  const last = template.LastReleaseVersion ? `The last one is ${template.LastReleaseVersion}.` : "It is the first one.";
  if (template.VersioningPackageStepName === null) return last;
  return `${last} The next one is that of the package of ${template.VersioningPackageStepName}.`;
}
