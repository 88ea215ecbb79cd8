import type { ActionFormProps } from "../form/context";
import { fieldsOf } from "../form/fields";
import { Section } from "../form/section";
import { TextField } from "../form/text-field";

const NAMESPACE = "Octopus.Action.KubernetesContainers.Namespace";

/** The namespace that a kubectl script works in. The cluster and the way to sign in are those of the target. */
export function ClusterFields({ action, change }: ActionFormProps) {
  const fields = fieldsOf(action, change);
  return (
    <Section title="Cluster" summary={fields.value(NAMESPACE) || "The target's namespace"}>
      <TextField
        fields={fields}
        name={NAMESPACE}
        label="Namespace"
        description="It goes before the one of the target."
        placeholder="The target's"
      />
    </Section>
  );
}
