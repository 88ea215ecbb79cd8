import { Stack, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useNames } from "@/api/things";
import { TextLink } from "@/components/links";
import { missingQuery } from "./api";
import { countsOf } from "./missing";
import { VariablesLink } from "./variables-link";

const SHOWN = 10;

interface Props {
  space: string;
  tenants: readonly string[];
  projects: readonly string[];
}

/** Which of the tenants lack values that deployments of the projects would need. */
export function MissingOf({ space, tenants, projects }: Props) {
  const queries = useQueries({ queries: projects.map((projectId) => missingQuery(space, { projectId })) });
  const isKnown = queries.every((one) => one.data !== undefined);
  const failed = queries.find((one) => one.isError);
  const counts = countsOf(
    queries.flatMap((one) => one.data ?? []),
    new Set(tenants),
  );
  const shown = counts.slice(0, SHOWN);
  const nameOf = useNames(
    "tenants",
    space,
    shown.map(([tenant]) => tenant),
  );
  if (failed) return <Text size="sm">Which values they lack could not be read: {failed.error?.message}</Text>;
  if (!isKnown) return null;
  if (counts.length === 0) {
    return <Text size="sm">They have a value for every variable that deployments there need.</Text>;
  }
  return (
    <Stack gap={6}>
      <Text size="sm">
        Before they can be deployed to, {counts.length === 1 ? "one of them needs" : `${counts.length} of them need`}{" "}
        values of variables:
      </Text>
      {shown.map(([tenant, count]) => (
        <Text key={tenant} size="sm" component="div">
          <VariablesLink space={space} tenant={tenant}>
            {nameOf(tenant)}
          </VariablesLink>{" "}
          <span className="numbers">{count === 1 ? "1 value" : `${count} values`}</span>
        </Text>
      ))}
      <TextLink to="/app/$space/tenants/missing" params={{ space }} size="sm">
        All missing values
      </TextLink>
    </Stack>
  );
}
