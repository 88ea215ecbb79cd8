import { ActionIcon, Button, FileButton, Menu } from "@mantine/core";
import { IconDots, IconDownload, IconHistory, IconPhoto, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { AskDelete } from "@/components/delete-button";
import { ActionButton, ActionItem } from "@/components/permitted";
import { notifyDone, notifyError } from "@/lib/notify";
import type { Template } from "../api";
import { offeredQuery, useDeleteTemplate, useInstall, useSetLogo } from "../api-templates";
import { exported } from "./exchange";
import { VersionsModal } from "./versions-modal";

/** What can be done with a step template besides editing it. */
export function TemplateActions({ space, template }: { space: string; template: Template }) {
  const [opened, setOpened] = useState<"delete" | "versions" | null>(null);
  const offered = useQuery(offeredQuery(space));
  const hasUpdate = offered.data?.some((one) => one.Id === template.Id && one.HasUpdate) ?? false;
  const setLogo = useSetLogo(space, template.Id);
  const edit = { permission: "ActionTemplateEdit", space };
  return (
    <>
      {hasUpdate && <TakeUpdate space={space} template={template} />}
      <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => download(template)}>
        Export
      </Button>
      <FileButton
        accept="image/*"
        onChange={(file) =>
          file &&
          setLogo.mutate(file, {
            onSuccess: () => notifyDone("The logo is set."),
            onError: (error) => notifyError("The logo could not be set", error),
          })
        }
      >
        {(choose) => (
          <Menu position="bottom-end" width={220} withinPortal>
            <Menu.Target>
              <ActionIcon size={34} variant="default" aria-label="More">
                <IconDots size={17} />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconHistory size={15} />} onClick={() => setOpened("versions")}>
                Earlier versions
              </Menu.Item>
              <ActionItem leftSection={<IconPhoto size={15} />} need={edit} onClick={choose.onClick}>
                Set its logo
              </ActionItem>
              <ActionItem
                color="red"
                leftSection={<IconTrash size={15} />}
                need={{ permission: "ActionTemplateDelete", space }}
                onClick={() => setOpened("delete")}
              >
                Delete
              </ActionItem>
            </Menu.Dropdown>
          </Menu>
        )}
      </FileButton>
      {opened === "delete" && <Delete space={space} template={template} onClose={() => setOpened(null)} />}
      {opened === "versions" && <VersionsModal space={space} template={template} onClose={() => setOpened(null)} />}
    </>
  );
}

function TakeUpdate({ space, template }: { space: string; template: Template }) {
  const installing = useInstall(space);
  const take = () =>
    installing.mutate(
      { id: template.CommunityActionTemplateId ?? "", isUpdate: true },
      { onError: (error) => notifyError("The template could not be updated", error) },
    );
  return (
    <ActionButton
      leftSection={<IconRefresh size={16} />}
      need={{ permission: "ActionTemplateEdit", space }}
      loading={installing.isPending}
      onClick={take}
    >
      Take the community's newer version
    </ActionButton>
  );
}

function Delete({ space, template, onClose }: { space: string; template: Template; onClose: () => void }) {
  const deleting = useDeleteTemplate(space);
  const navigate = useNavigate();
  return (
    <AskDelete
      what={`the step template ${template.Name}`}
      deleting={() => deleting.mutateAsync(template.Id)}
      onDeleted={() => void navigate({ to: "/app/$space/library/step-templates", params: { space } })}
      onClose={onClose}
    >
      It goes with all its versions. While steps use it, it cannot be deleted: its usage lists them.
    </AskDelete>
  );
}

function download(template: Template) {
  const address = URL.createObjectURL(
    new Blob([exported(template, new Date().toISOString())], { type: "application/json" }),
  );
  const link = document.createElement("a");
  link.href = address;
  link.download = `${template.Name}.json`;
  link.click();
  URL.revokeObjectURL(address);
}
