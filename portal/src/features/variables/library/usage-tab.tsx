import { Badge, Group, Text } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { usageQuery } from "./api";
import { useLibrarySet } from "./set-frame";

/** How many releases of a project are named; there may be thousands. */
const MOST = 6;

/** Who includes the set now, and whose releases were made with it. */
export function UsageTab() {
  const { space, set } = useLibrarySet();
  const usage = useQuery(usageQuery(space, set.Id));
  return (
    <Panel flush>
      <Loaded query={usage} what="The usage">
        {({ Projects, CountOfProjectsUserCannotSee: hidden }) =>
          Projects.length === 0 && hidden === 0 ? (
            <EmptyState icon={IconStack2} title="Nobody uses it yet">
              A project includes it on its screen Variables, under Library sets.
            </EmptyState>
          ) : (
            <>
              <DataTable
                label="Projects"
                rows={Projects}
                keyOf={(one) => one.ProjectId}
                columns={[
                  {
                    head: "Project",
                    cell: (one) => (
                      <TextLink
                        to="/app/$space/projects/$project/variables/sets"
                        params={{ space, project: one.ProjectSlug }}
                      >
                        {one.ProjectName}
                      </TextLink>
                    ),
                  },
                  {
                    head: "Now",
                    width: 150,
                    cell: (one) =>
                      one.IsCurrentlyBeingUsedInProject ? (
                        <Badge>included</Badge>
                      ) : (
                        <Badge color="gray">not any more</Badge>
                      ),
                  },
                  {
                    head: "Releases made with it",
                    cell: (one) => (
                      <Group gap={8}>
                        {one.Releases.slice(0, MOST).map((release) => (
                          <TextLink
                            key={release.ReleaseId}
                            size="sm"
                            to="/app/$space/projects/$project/releases/$version"
                            params={{ space, project: one.ProjectSlug, version: release.ReleaseVersion }}
                          >
                            {release.ReleaseVersion}
                          </TextLink>
                        ))}
                        {one.Releases.length > MOST && (
                          <Text size="sm" c="dimmed">
                            and {one.Releases.length - MOST} more
                          </Text>
                        )}
                        {one.Releases.length === 0 && (
                          <Text size="sm" c="dimmed">
                            none
                          </Text>
                        )}
                      </Group>
                    ),
                  },
                  {
                    head: "Runbook snapshots",
                    width: 170,
                    wideOnly: true,
                    dimmed: true,
                    cell: (one) => one.RunbookSnapshots.map((snapshot) => snapshot.SnapshotName).join(", ") || "none",
                  },
                ]}
              />
              {hidden > 0 && (
                <Text size="sm" c="dimmed" p="md">
                  {hidden === 1 ? "One more project uses it" : `${hidden} more projects use it`}, which you may not see.
                </Text>
              )}
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
