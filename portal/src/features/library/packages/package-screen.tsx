import { Switch } from "@mantine/core";
import { IconPackage } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { useList } from "@/lib/use-list";
import { versionsQuery } from "./api";
import { VersionTable } from "./version-table";

/** Every version of one package. */
export function PackageScreen() {
  const { space, packageId } = useParams({ from: "/shell/app/$space/library/packages/$packageId" });
  const list = useList<"stable">();
  const isStable = list.filters.stable !== undefined;
  const versions = useQuery(versionsQuery(space, packageId, list, isStable));
  return (
    <Page
      title={packageId}
      crumbs={[{ text: "Packages", to: `/app/${space}/library/packages` }]}
      description="The versions in the built-in feed, the highest first."
    >
      <ListPanel
        what="The versions"
        list={list}
        query={versions}
        find="Find in versions"
        filters={
          <Switch
            label="Leave out pre-releases"
            checked={isStable}
            onChange={(event) => list.narrow({ stable: event.currentTarget.checked ? "yes" : null })}
          />
        }
        empty={
          <EmptyState
            icon={IconPackage}
            title="No version of this package"
            action={
              <ButtonLink variant="default" to="/app/$space/library/packages" params={{ space }}>
                All packages
              </ButtonLink>
            }
          >
            It may have been deleted, or its id is spelled differently.
          </EmptyState>
        }
      >
        {(items) => <VersionTable space={space} packageId={packageId} versions={items} />}
      </ListPanel>
    </Page>
  );
}
