import { Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { type Project, projectQuery } from "@/api/reference";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Page } from "@/components/page";
import { deploymentTemplateQuery, type Release, releaseQuery } from "../api";
import { useTagged } from "./api";
import { DeployForm } from "./deploy-form";
import { WherePanel } from "./where-panel";
import { placesOf, tenantsMeant, type Where } from "./wish";

const FROM = "/shell/app/$space/projects/$project/releases/$version/deploy";

export function DeployScreen() {
  const { space, project: named, version } = useParams({ from: FROM });
  const project = useQuery(projectQuery(space, named));
  const release = useQuery(releaseQuery(space, named, version));
  const template = useQuery(deploymentTemplateQuery(space, release.data?.Id ?? ""));
  return (
    <Page
      title={`Deploy ${version}`}
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.data?.Name ?? named, to: `/app/${space}/projects/${named}` },
        { text: version, to: `/app/${space}/projects/${named}/releases/${version}` },
      ]}
    >
      <Stack maw={860}>
        <Loaded query={release as UseQueryResult<Release>} what="The release">
          {(what) => (
            <Loaded query={project} what="The project">
              {(whose) => (
                <Loaded query={template} what="Where the release may go">
                  {(open) => <Choice space={space} project={whose} release={what} template={open} />}
                </Loaded>
              )}
            </Loaded>
          )}
        </Loaded>
      </Stack>
    </Page>
  );
}

interface Props {
  space: string;
  project: Project;
  release: Release;
  template: Shape<"ReleaseDeploymentTemplate">;
}

/** Where to, and then what will happen there. */
function Choice({ space, project, release, template }: Props) {
  const search = useSearch({ from: FROM });
  const [where, setWhere] = useState<Where>(() => whereOf(search, project));
  const tagged = useTagged(space, project.Id, where.forWhom === "tagged" ? where.tags : []);
  const meant = tenantsMeant(where, template.TenantPromotions, tagged);
  const places = placesOf(where, template, meant);
  return (
    <>
      <WherePanel
        space={space}
        project={project}
        template={template}
        where={where}
        onWhere={(patch) => setWhere((old) => ({ ...old, ...patch }))}
        places={places}
        meant={meant.length}
      />
      <Modified space={space} project={project} release={release} template={template} />
      <DeployForm space={space} project={project} release={release} places={places} tenants={meant} />
    </>
  );
}

function whereOf(search: { environment?: string; tenant?: string; tenants?: string }, project: Project): Where {
  const tenants = listOf(search.tenant);
  const wanted = tenants.length > 0 ? "named" : search.tenants === "all" ? "all" : null;
  const usual = project.TenantedDeploymentMode === "Tenanted" ? "named" : "untenanted";
  const forWhom = project.TenantedDeploymentMode === "Untenanted" ? "untenanted" : (wanted ?? usual);
  return { environments: listOf(search.environment), forWhom, tenants, tags: [] };
}

function listOf(text: string | undefined): string[] {
  return (text ?? "").split(",").filter(Boolean);
}

/** What the release has fixed and the project has otherwise by now. */
function Modified({ space, project, release, template }: Props) {
  const parts = [
    template.IsDeploymentProcessModified && "the process",
    (template.IsVariableSetModified || template.IsLibraryVariableSetModified) && "variables",
  ].filter(Boolean);
  if (parts.length === 0) return null;
  return (
    <Notice tone="idle" icon={IconInfoCircle}>
      <Text size="sm">
        Since this release was made, {parts.join(" and ")}{" "}
        {parts.length === 1 && parts[0] === "the process" ? "has" : "have"} changed in the project. It deploys what it
        has fixed.{" "}
        <TextLink
          to="/app/$space/projects/$project/releases/$version/snapshot"
          params={{ space, project: project.Slug, version: release.Version }}
          search={{ view: "difference" }}
          size="sm"
          underline="always"
        >
          See the difference
        </TextLink>
      </Text>
    </Notice>
  );
}
