import { FileButton, Text } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import type { Project } from "@/api/reference";
import { ErrorNotice } from "@/components/error-notice";
import { ActionButton, type Need } from "@/components/permitted";
import { ProjectLogo } from "@/components/project-logo";
import { notifyDone } from "@/lib/notify";
import { useUploadLogo } from "./api";
import classes from "./settings.module.css";

/** The picture of the project. It is replaced at once, without the other fields. */
export function LogoField({ space, project, need }: { space: string; project: Project; need: Need }) {
  const uploading = useUploadLogo(space, project.Id);
  const upload = (file: File | null) => {
    if (file) uploading.mutate(file, { onSuccess: () => notifyDone("The logo is replaced.") });
  };
  return (
    <div>
      <Text size="sm" fw={500} mb={6}>
        Logo
      </Text>
      <div className={classes.logo}>
        <ProjectLogo space={space} project={project.Id} size={52} />
        <FileButton onChange={upload} accept="image/png,image/jpeg,image/gif,image/svg+xml">
          {(props) => (
            <ActionButton
              {...props}
              variant="default"
              need={need}
              loading={uploading.isPending}
              leftSection={<IconUpload size={16} />}
            >
              Upload a logo
            </ActionButton>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          PNG, JPEG, GIF or SVG of at most 1 MB.
        </Text>
      </div>
      {uploading.isError && <ErrorNotice error={uploading.error} title="The logo was not replaced" />}
    </div>
  );
}
