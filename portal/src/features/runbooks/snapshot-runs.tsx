import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { PAGE } from "@/lib/search";
import { runsOfSnapshotQuery } from "./runs-api";
import { RunsTable } from "./runs-table";
import type { Snapshot } from "./snapshots-api";

export function SnapshotRuns({ space, snapshot }: { space: string; snapshot: Snapshot }) {
  const [page, setPage] = useState(1);
  const runs = useQuery(runsOfSnapshotQuery(space, snapshot.Id, page));
  return (
    <Panel flush>
      <Loaded query={runs} what="The runs">
        {({ Items, TotalResults }) =>
          Items.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              This snapshot has not run yet.
            </Text>
          ) : (
            <>
              <RunsTable space={space} runs={Items} />
              <Pages total={TotalResults} size={PAGE} page={page} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}
