import { List, Stack, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";

type Collection = "environments" | "workerpools" | "proxies";

const usagesQuery = (collection: Collection, space: string, id: string) =>
  queryOptions({
    queryKey: [collection, space, "usages", id],
    queryFn: () => {
      const path = `/api/{space}/${collection}/{id}/usages` as "/api/{space}/environments/{id}/usages";
      return answer(api.GET(path, { params: { path: { space, id } } }));
    },
  });

/** Who uses it, and so keeps it from being deleted. */
export function Usages({ collection, space, id }: { collection: Collection; space: string; id: string }) {
  const usages = useQuery(usagesQuery(collection, space, id));
  return (
    <Panel title="Used by">
      <Loaded query={usages} what="What uses it" rows={2}>
        {({ Groups }) => <UsageList space={space} groups={Groups} />}
      </Loaded>
    </Panel>
  );
}

export interface UseGroup {
  Kind: string;
  Total: number;
  Items: { Id: string; Name: string; ProjectId?: string | null }[];
}

/** Those that use something, by their kinds, each with a link to its screen. */
export function UsageList({ space, groups }: { space: string; groups: UseGroup[] }) {
  const shown = groups.filter((group) => group.Total > 0);
  if (shown.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing that you may see uses it.
      </Text>
    );
  return (
    <Stack gap="sm">
      {shown.map((group) => (
        <div key={group.Kind}>
          <Text size="sm" fw={500} mb={2}>
            {wordOf(group)}
          </Text>
          <List size="sm" listStyleType="none" spacing={2}>
            {group.Items.map((item) => (
              <List.Item key={item.Id}>
                <UserLink space={space} kind={group.Kind} item={item} />
              </List.Item>
            ))}
          </List>
          {group.Total > group.Items.length && (
            <Text size="xs" c="dimmed" className="numbers">
              and {group.Total - group.Items.length} more
            </Text>
          )}
        </div>
      ))}
    </Stack>
  );
}

const WORDS: Record<string, [string, string]> = {
  Machines: ["target", "targets"],
  Workers: ["worker", "workers"],
  Accounts: ["account", "accounts"],
  Certificates: ["certificate", "certificates"],
  Lifecycles: ["lifecycle", "lifecycles"],
  Projects: ["project", "projects"],
  ProjectTriggers: ["trigger", "triggers"],
  Runbooks: ["runbook", "runbooks"],
  Tenants: ["tenant", "tenants"],
  LibraryVariableSets: ["variable set", "variable sets"],
  Environments: ["environment", "environments"],
};

function wordOf({ Kind, Total }: UseGroup): string {
  const [one, many] = WORDS[Kind] ?? [Kind, Kind];
  return Total === 1 ? `1 ${one}` : `${Total.toLocaleString("en-US")} ${many}`;
}

function UserLink({ space, kind, item }: { space: string; kind: string; item: UseGroup["Items"][number] }) {
  const style = { size: "sm" } as const;
  switch (kind) {
    case "Machines":
      return (
        <TextLink to="/app/$space/infrastructure/targets/$target" params={{ space, target: item.Id }} {...style}>
          {item.Name}
        </TextLink>
      );
    case "Workers":
      return (
        <TextLink to="/app/$space/infrastructure/workers/$worker" params={{ space, worker: item.Id }} {...style}>
          {item.Name}
        </TextLink>
      );
    case "Accounts":
      return (
        <TextLink to="/app/$space/infrastructure/accounts/$account" params={{ space, account: item.Id }} {...style}>
          {item.Name}
        </TextLink>
      );
    case "Certificates":
      return (
        <TextLink
          to="/app/$space/infrastructure/certificates/$certificate"
          params={{ space, certificate: item.Id }}
          {...style}
        >
          {item.Name}
        </TextLink>
      );
    case "Projects":
      return (
        <TextLink to="/app/$space/projects/$project/process" params={{ space, project: item.Id }} {...style}>
          {item.Name}
        </TextLink>
      );
    case "ProjectTriggers":
    case "Runbooks":
      if (!item.ProjectId) break;
      return (
        <TextLink to="/app/$space/projects/$project" params={{ space, project: item.ProjectId }} {...style}>
          {item.Name}
        </TextLink>
      );
  }
  return <span>{item.Name}</span>;
}
