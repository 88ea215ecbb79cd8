import { TargetTagInput } from "@/components/tag-input";
import type { Step } from "../model/document";
import { listIn, ROLES, withList } from "../model/properties";
import { type Change, setProperties, useEditing } from "./context";

interface Props {
  step: Step;
  changeStep: Change<Step>;
  /** Whether the step is of no use without any. */
  isNeeded: boolean;
}

/** The tags that the targets of a step have, one of them at least. New ones may be typed. */
export function TargetTags({ step, changeStep, isNeeded }: Props) {
  const { space, readOnly } = useEditing();
  const tags = listIn(step.Properties, ROLES);
  return (
    <TargetTagInput
      space={space}
      label="Target tags"
      description="Targets with any of these tags take part. A tag that no target has yet may be typed."
      placeholder={readOnly || tags.length > 0 ? undefined : "Add a tag, such as web-server"}
      value={tags}
      onChange={(next) => setProperties(changeStep, (old) => withList(old, ROLES, next), ROLES)}
      error={isNeeded && tags.length === 0 ? "Without a tag the step has no target to run on." : undefined}
    />
  );
}
