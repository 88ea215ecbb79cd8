import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowsDiff,
  IconBarrierBlock,
  IconDotsVertical,
  IconPencil,
  IconRefresh,
  IconTrash,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { environmentsQuery, type Project } from "@/api/reference";
import { Confirm } from "@/components/confirm";
import { ErrorNotice } from "@/components/error-notice";
import { ButtonLink, MenuLink } from "@/components/links";
import { ActionItem, Permitted } from "@/components/permitted";
import { lifecycleProgressionQuery, type Release } from "./api";
import { PreventProgression } from "./defects";
import { useDeleteRelease } from "./edit-api";
import { EditRelease } from "./edit-release";
import { releaseDeploymentsQuery } from "./history-api";

interface Props {
  space: string;
  project: Project;
  release: Release;
}

type Dialog = "edit" | "prevent" | "delete" | null;

/** The next deployment at hand, and all else that can be done with a release in a menu. */
export function ReleaseActions({ space, project, release }: Props) {
  const [dialog, setDialog] = useState<Dialog>(null);
  const close = () => setDialog(null);
  // Looked up for the form only; where it may not be read, the form takes the release as deployed.
  const deployments = useQuery({
    ...releaseDeploymentsQuery(space, release.Id, { page: 1 }),
    enabled: dialog === "edit",
    refetchInterval: false,
  });
  const params = { space, project: project.Slug, version: release.Version };
  const place = { space, project: project.Id };
  return (
    <>
      <DeployButtons space={space} project={project} release={release} />
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More about this release">
            <IconDotsVertical size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <ActionItem
            need={{ permission: "ReleaseEdit", ...place }}
            leftSection={<IconPencil size={15} />}
            onClick={() => setDialog("edit")}
          >
            Edit
          </ActionItem>
          <MenuLink
            to="/app/$space/projects/$project/releases/$version/snapshot"
            params={params}
            search={{ view: "difference" }}
            leftSection={<IconRefresh size={15} />}
          >
            Update variables…
          </MenuLink>
          <MenuLink
            to="/app/$space/projects/$project/releases/$version/compare"
            params={params}
            leftSection={<IconArrowsDiff size={15} />}
          >
            Compare with another release
          </MenuLink>
          <ActionItem
            need={{ permission: "DefectReport", ...place }}
            leftSection={<IconBarrierBlock size={15} />}
            onClick={() => setDialog("prevent")}
          >
            Prevent progression
          </ActionItem>
          <Menu.Divider />
          <ActionItem
            need={{ permission: "ReleaseDelete", ...place }}
            color="red"
            leftSection={<IconTrash size={15} />}
            onClick={() => setDialog("delete")}
          >
            Delete
          </ActionItem>
        </Menu.Dropdown>
      </Menu>
      {dialog === "edit" && !deployments.isPending && (
        <EditRelease
          space={space}
          project={project}
          release={release}
          isDeployed={deployments.data?.TotalResults !== 0}
          onClose={close}
        />
      )}
      {dialog === "prevent" && <PreventProgression space={space} project={project} release={release} onClose={close} />}
      {dialog === "delete" && <DeleteRelease space={space} project={project} release={release} onClose={close} />}
    </>
  );
}

function DeleteRelease({ space, project, release, onClose }: Props & { onClose: () => void }) {
  const deleting = useDeleteRelease(space, release);
  const navigate = useNavigate();
  return (
    <Confirm
      opened
      danger
      title={`Delete release ${release.Version}?`}
      action="Delete the release"
      pending={deleting.isPending}
      onClose={onClose}
      onConfirm={() =>
        deleting.mutate(undefined, {
          onSuccess: () =>
            navigate({ to: "/app/$space/projects/$project/releases", params: { space, project: project.Slug } }),
        })
      }
    >
      {deleting.isError && <ErrorNotice error={deleting.error} title="The release was not deleted" />}
      Its deployments, their logs and their artifacts go with it. What it has put onto targets stays there.
    </Confirm>
  );
}

/** One button for each environment that is next; the choice of all others stays a click away. */
function DeployButtons({ space, project, release }: Props) {
  const progression = useQuery(lifecycleProgressionQuery(space, release.Id));
  const environments = useQuery(environmentsQuery(space));
  const next = project.TenantedDeploymentMode === "Tenanted" ? [] : (progression.data?.NextDeployments ?? []);
  const params = { space, project: project.Slug, version: release.Version };
  const to = "/app/$space/projects/$project/releases/$version/deploy";
  const need = { permission: "DeploymentCreate", space, project: project.Id };
  return (
    <>
      {next.slice(0, 2).map((id) => (
        <Permitted key={id} need={{ ...need, environment: id }}>
          {(isAllowed) => (
            <ButtonLink to={to} params={params} search={{ environment: id }} disabled={!isAllowed}>
              Deploy to {environments.data?.find((one) => one.Id === id)?.Name ?? id}
            </ButtonLink>
          )}
        </Permitted>
      ))}
      <Permitted need={need}>
        {(isAllowed) => (
          <ButtonLink to={to} params={params} variant={next.length === 0 ? "filled" : "default"} disabled={!isAllowed}>
            Deploy to…
          </ButtonLink>
        )}
      </Permitted>
    </>
  );
}
