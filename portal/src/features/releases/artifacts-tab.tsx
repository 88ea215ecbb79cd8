import { IconPaperclip } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ARTIFACT_PAGE, artifactsQuery } from "@/api/artifacts";
import { ArtifactTable } from "@/components/artifacts";
import { EmptyState } from "@/components/empty-state";
import { History } from "@/components/history";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { useRelease } from "./release-frame";

/** What the scripts of all deployments of a release left behind. */
export function ReleaseArtifactsTab() {
  const { space, release } = useRelease();
  const [page, setPage] = useState(1);
  const artifacts = useQuery(artifactsQuery(space, release.Id, page));
  return (
    <Panel flush>
      <Loaded query={artifacts} what="The artifacts">
        {({ Items, TotalResults }) =>
          Items.length === 0 ? (
            <EmptyState icon={IconPaperclip} title="No artifact">
              A script keeps a file with <code>new_octopusartifact</code>; those of all deployments of this release are
              listed here.
            </EmptyState>
          ) : (
            <>
              <ArtifactTable space={space} artifacts={Items} />
              <Pages total={TotalResults} size={ARTIFACT_PAGE} page={page} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

export function ReleaseHistoryTab() {
  const { space, release } = useRelease();
  return <History space={space} regarding={release.Id} />;
}
