import { Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Picker } from "@/components/picker";
import { type Where, whereOf } from "../model/kinds";
import { placeWords } from "../model/marks";
import { flagIn, listIn, ROLES, RUN_ON_SERVER, withText } from "../model/properties";
import { Bindable } from "./bindable";
import { type StepFormProps, setProperties, useEditing } from "./context";
import { Section } from "./section";
import { TargetTags } from "./target-tags";

interface Props extends StepFormProps {
  isChild: boolean;
}

/** Where an action is done, as far as its kind leaves a choice, and on which targets. */
export function WhereSection(props: Props) {
  const { step, action } = props;
  const where = whereOf(action.ActionType);
  const isCheck = action.ActionType === "Octopus.HealthCheck";
  if (where === "server" && !isCheck) return null;
  return (
    <Section title="Where it runs" summary={placeWords(step, action)} open>
      {isCheck ? <Targets {...props} isNeeded={false} /> : <Places {...props} where={where} />}
    </Section>
  );
}

type Way = "targets" | "worker" | "behalf";

function wayOf({ step, action }: Props, where: Where): Way {
  const isWorkers = where === "worker" || (where === "either" && flagIn(action.Properties, RUN_ON_SERVER));
  if (!isWorkers) return "targets";
  return listIn(step.Properties, ROLES).length > 0 ? "behalf" : "worker";
}

function Places(props: Props & { where: Where }) {
  const { change, changeStep, isChild, where } = props;
  const told = wayOf(props, where);
  // For each target, as long as no tag is named, is a wish that the document cannot say.
  const [wishes, setWishes] = useState(false);
  const way = told === "worker" && wishes ? "behalf" : told;
  const choose = (next: string) => {
    setWishes(next === "behalf");
    if (where === "either") {
      const onServer = next === "targets" ? "false" : "true";
      setProperties(change, (old) => withText(old, RUN_ON_SERVER, onServer), "where");
    }
    if (next === "worker" && !isChild) setProperties(changeStep, (old) => withText(old, ROLES, null), "where");
  };
  return (
    <>
      {where !== "target" && (
        <Radio.Group label="It runs" value={way} onChange={choose}>
          <Stack gap={8} mt={6}>
            {where === "either" && <Radio value="targets" label="On each target, by the target itself" />}
            {(!isChild || told === "worker") && <Radio value="worker" label="Once, on a worker" />}
            {(!isChild || told !== "worker") && (
              <Radio value="behalf" label="On a worker, once for each target, with the variables of that target" />
            )}
          </Stack>
        </Radio.Group>
      )}
      {way !== "worker" && <Targets {...props} isNeeded />}
      {way !== "targets" && <WorkerPool {...props} />}
    </>
  );
}

function Targets({ step, changeStep, isChild, isNeeded }: Props & { isNeeded: boolean }) {
  const tags = listIn(step.Properties, ROLES);
  if (isChild) {
    return (
      <Text size="sm" c="dimmed">
        {tags.length > 0
          ? `Its targets are those of the parent step: ${tags.join(", ")}.`
          : "The parent step names no targets yet; name their tags there."}
      </Text>
    );
  }
  return <TargetTags step={step} changeStep={changeStep} isNeeded={isNeeded} />;
}

function WorkerPool({ action, change }: Props) {
  const { space, readOnly } = useEditing();
  return (
    <Bindable
      label="Worker pool"
      description="The variable, of the type worker pool, says which pool."
      value={action.WorkerPoolVariable ?? ""}
      isName
      readOnly={readOnly}
      onChange={(name) =>
        change((old) => ({ ...old, WorkerPoolId: null, WorkerPoolVariable: name || null }), "worker-pool")
      }
    >
      <Picker
        kind="workerpools"
        space={space}
        label="Worker pool"
        placeholder="The default pool"
        value={action.WorkerPoolId}
        onChange={(id) => change((old) => ({ ...old, WorkerPoolId: id, WorkerPoolVariable: null }))}
      />
    </Bindable>
  );
}
