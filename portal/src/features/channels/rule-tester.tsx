import { Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { type Column, DataTable } from "@/components/data-table";
import { ErrorNotice } from "@/components/error-notice";
import { Panel } from "@/components/page";
import { feedQuery, type PackagePlace, packagePlacesQuery, type Rule, triedQuery, versionsQuery } from "./api";
import classes from "./channels.module.css";
import { concerns, keyOfPlace, namePlace, refusalOf } from "./rules";

interface Props {
  space: string;
  project: string;
  branch: string | null;
  /** The rules as they stand on the screen, saved or not. */
  rules: readonly Rule[];
}

/** Tries versions against the rules: those in the feed, and any that is typed. */
export function RuleTester({ space, project, branch, rules }: Props) {
  const places = useQuery(packagePlacesQuery(space, project, branch)).data ?? [];
  const [key, setKey] = useState<string | null>(null);
  const [typed, setTyped] = useState("");
  const [wanted] = useDebouncedValue(typed.trim(), 250);
  const isNamed = (one: PackagePlace) => rules.some((rule) => concerns(rule, one));
  // Until one is chosen: the first that there is something to try of.
  const place = places.find((one) => keyOfPlace(one) === key) ?? places.find(isNamed) ?? places[0];
  if (!place) return null;
  const numbered = rules.map((rule, index) => ({ rule, number: index + 1 }));
  const own = numbered.filter(({ rule }) => concerns(rule, place));
  return (
    <Panel title="Try versions">
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <Select
            label="Package of"
            data={places.map((one) => ({ value: keyOfPlace(one), label: namePlace(one) }))}
            value={keyOfPlace(place)}
            allowDeselect={false}
            onChange={setKey}
            w={{ base: "100%", xs: 260 }}
          />
          <TextInput
            label="A version"
            placeholder="1.2.0-beta.3"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            w={{ base: "100%", xs: 200 }}
          />
        </Group>
        {own.length === 0 ? (
          <Text size="sm" c="dimmed">
            No rule names this package, so it may have any version.
          </Text>
        ) : (
          <Outcomes space={space} place={place} rules={own} typed={wanted} />
        )}
      </Stack>
    </Panel>
  );
}

interface Numbered {
  rule: Rule;
  number: number;
}

interface OutcomesProps {
  space: string;
  place: PackagePlace;
  rules: Numbered[];
  typed: string;
}

function Outcomes({ space, place, rules, typed }: OutcomesProps) {
  const feed = useQuery({ ...feedQuery(space, place.FeedId), enabled: place.IsResolvable });
  const known = useQuery(versionsQuery(space, place));
  const versions = [...new Set([...(typed ? [typed] : []), ...(known.data ?? []).map((one) => one.Version)])];
  const feedType = feed.data?.FeedType ?? "BuiltIn";
  const tried = useQueries({ queries: rules.map(({ rule }) => triedQuery(space, rule, feedType, versions)) });
  const failed = tried.find((one) => one.isError);
  if (failed) return <ErrorNotice error={failed.error} title="The versions could not be tried" />;
  if (versions.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {known.isError ? known.error.message : "The feed has no version of this package. Type one to try it."}
      </Text>
    );
  }
  const outcome = (index: number, version: string) => tried[index]?.data?.find((one) => one.Version === version);
  const columns: Column<string>[] = [
    { head: "Version", width: 200, cell: (version) => <span className="numbers">{version}</span> },
    ...rules.map(({ number }, index) => ({
      head: `Rule ${number}`,
      cell: (version: string) => <Verdict of={outcome(index, version)} />,
    })),
  ];
  return <DataTable label="Versions" rows={versions} columns={columns} keyOf={(version) => version} minWidth={360} />;
}

function Verdict({ of }: { of: Shape<"TestedVersion"> | undefined }) {
  if (!of) return null;
  const refusal = refusalOf(of);
  return (
    <span className={classes.verdict} data-fits={refusal === null || undefined}>
      {refusal === null ? <IconCheck size={15} aria-hidden /> : <IconX size={15} aria-hidden />}
      {refusal === null ? "Accepted" : refusalWords(refusal)}
    </span>
  );
}

/** The API's own sentences about a rule that cannot be read stand for themselves. */
function refusalWords(refusal: string): string {
  return /^[a-z]/.test(refusal) ? `Refused: it ${refusal}` : refusal;
}
