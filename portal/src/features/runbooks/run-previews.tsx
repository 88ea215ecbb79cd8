import { Select, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useEnvironmentNames } from "@/api/reference";
import { useNames } from "@/api/things";
import { ErrorNotice } from "@/components/error-notice";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { PreviewPanel } from "@/components/preview-panel";
import { Prompts, valuesOf } from "@/components/prompts";
import type { Home } from "./api";
import { formOf, MOST_PREVIEWS, type Plan } from "./run-plan";
import { type Preview, previewsQuery, type RunPlace, type Subject } from "./runs-api";

interface Props {
  home: Home;
  subject: Subject;
  places: RunPlace[];
  plan: Plan;
  set: (patch: Partial<Plan>) => void;
  onProblems: (problems: string[]) => void;
}

/** What the runs would do: the values they ask for, their steps, and what stands against them. */
export function RunPreviews(props: Props) {
  const shown = props.places.slice(0, MOST_PREVIEWS);
  const previews = useQuery(previewsQuery(props.home, props.subject, shown));
  const found = shown.length > 0 ? previews.data : undefined;
  const problems = [...new Set((found ?? []).flatMap((one) => one.Problems))];
  const said = problems.join("\n");
  const { onProblems } = props;
  useEffect(() => onProblems(said ? said.split("\n") : []), [said, onProblems]);
  if (shown.length === 0) return null;
  if (previews.isError) return <ErrorNotice error={previews.error} title="What the run would do is not known" />;
  return (
    <Loaded query={previews} what="The preview">
      {(list) => <Shown {...props} places={shown} previews={list} problems={problems} />}
    </Loaded>
  );
}

function Shown({ home, places, previews, problems, plan, set }: Props & { previews: Preview[]; problems: string[] }) {
  const [index, setIndex] = useState(0);
  const chosen = previews[index] ?? previews[0];
  const form = formOf(previews);
  const warnings = [...new Set(previews.flatMap((one) => one.Warnings))];
  const missing = [...new Set(previews.flatMap((one) => one.MissingVariables))];
  return (
    <Stack>
      {form && (
        <Prompts form={form} values={{ ...valuesOf(form), ...plan.values }} onValues={(values) => set({ values })} />
      )}
      {problems.length > 0 && <Sentences tone="failed" title="This would be refused" sentences={problems} />}
      {warnings.length > 0 && <Sentences tone="waiting" title="To know before" sentences={warnings} />}
      {missing.length > 0 && <Sentences tone="waiting" title="Tenants lack values of variables" sentences={missing} />}
      {places.length > 1 && <PlaceChoice space={home.space} places={places} index={index} onChoose={setIndex} />}
      {chosen && (
        <PreviewPanel steps={chosen.StepsToExecute} skipped={plan.skipped} onSkipped={(skipped) => set({ skipped })} />
      )}
    </Stack>
  );
}

interface ChoiceProps {
  space: string;
  places: RunPlace[];
  index: number;
  onChoose: (index: number) => void;
}

function PlaceChoice({ space, places, index, onChoose }: ChoiceProps) {
  const environmentOf = useEnvironmentNames(space);
  const tenants = places.map((one) => one.TenantId).filter((one) => one !== null);
  const tenantOf = useNames("tenants", space, [...new Set(tenants)]);
  const wordsOf = ({ EnvironmentId, TenantId }: RunPlace) =>
    environmentOf(EnvironmentId) + (TenantId ? ` for ${tenantOf(TenantId)}` : "");
  return (
    <Select
      label="Show the steps in"
      maw={360}
      allowDeselect={false}
      data={places.map((one, place) => ({ value: String(place), label: wordsOf(one) }))}
      value={String(Math.min(index, places.length - 1))}
      onChange={(value) => value && onChoose(Number(value))}
    />
  );
}

function Sentences({ tone, title, sentences }: { tone: "failed" | "waiting"; title: string; sentences: string[] }) {
  return (
    <Notice tone={tone} icon={IconAlertTriangle} title={title}>
      {sentences.map((one) => (
        <Text key={one} size="sm">
          {one}
        </Text>
      ))}
    </Notice>
  );
}
