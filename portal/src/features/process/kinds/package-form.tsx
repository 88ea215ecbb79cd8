import { Checkbox } from "@mantine/core";
import type { ActionFormProps } from "../form/context";
import { fieldsOf } from "../form/fields";
import { PackageFields } from "../form/package-fields";
import { Section } from "../form/section";
import { newPackage, primaryOf, withPrimary } from "../model/packages";
import { ConfigurationSection } from "./package-configuration";
import { CustomScripts, InstallSection } from "./package-installation";

/** A package that is unpacked on targets, configured, and started by its scripts. */
export function PackageForm({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  const primary = primaryOf(action);
  return (
    <>
      <Section title="Package" summary={primary?.PackageId || "None is chosen yet"} open>
        <PackageFields
          value={primary ?? newPackage("")}
          onChange={(patch, joins) => change((old) => withPrimary(old, patch), joins)}
        />
        <Checkbox
          label="Run the scripts in the package"
          description="PreDeploy, Deploy and PostDeploy at its root, in any language."
          {...fields.flag("Octopus.Action.Package.RunScripts", true)}
        />
        <Checkbox
          label="Leave out what is installed already"
          description="Nothing is done where this version was the last one that this step installed."
          {...fields.flag("Octopus.Action.Package.SkipIfAlreadyInstalled")}
        />
      </Section>
      <ConfigurationSection action={action} change={change} />
      <InstallSection action={action} change={change} />
      <CustomScripts action={action} change={change} />
    </>
  );
}
