import { ActionIcon, Button, Group, Progress, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { sentenceOf } from "@/api/errors";
import { TextLink } from "@/components/links";
import { ActionButton } from "@/components/permitted";
import { StateIcon } from "@/components/state";
import type { Condition } from "@/lib/state";
import { sizeOf } from "@/lib/time";
import type { Overwrite } from "./pushing";
import classes from "./upload-area.module.css";
import { hasEnded, isThere, type Upload, type UploadState } from "./upload-queue";

const SIGNS: Record<UploadState, Condition> = {
  waiting: "queued",
  sending: "running",
  stored: "success",
  left: "skipped",
  failed: "failed",
  cancelled: "cancelled",
};

interface Props {
  space: string;
  upload: Upload;
  onCancel: () => void;
  onAgain: (overwrite?: Overwrite) => void;
}

/** One file: how far it is, or what became of it and what can be done about that. */
export function UploadRow({ space, upload, onCancel, onAgain }: Props) {
  return (
    <div className={classes.upload}>
      <StateIcon of={SIGNS[upload.state]} size={16} />
      <div className={classes.words}>
        <Text size="sm" fw={500}>
          <Name space={space} upload={upload} />{" "}
          <Text span size="xs" c="dimmed" className="numbers">
            {sizeOf(upload.file.size)}
          </Text>
        </Text>
        <Became upload={upload} />
      </div>
      <Group gap="xs" wrap="nowrap">
        {isThere(upload) && (
          <>
            <Button size="compact-sm" variant="default" onClick={() => onAgain("IgnoreIfExists")}>
              Keep it
            </Button>
            <ActionButton
              size="compact-sm"
              variant="default"
              need={{ permission: "BuiltInFeedAdminister", space }}
              onClick={() => onAgain("OverwriteExisting")}
            >
              Replace it
            </ActionButton>
          </>
        )}
        {(upload.state === "failed" || upload.state === "cancelled") && !isThere(upload) && (
          <Button size="compact-sm" variant="default" onClick={() => onAgain()}>
            Try again
          </Button>
        )}
        {!hasEnded(upload) && (
          <ActionIcon onClick={onCancel} aria-label={`Cancel ${upload.file.name}`}>
            <IconX size={16} />
          </ActionIcon>
        )}
      </Group>
    </div>
  );
}

function Name({ space, upload: { pushed, file } }: { space: string; upload: Upload }) {
  if (!pushed) return file.name;
  const { PackageId, Version } = pushed.package;
  return (
    <TextLink
      to="/app/$space/library/packages/$packageId/$version"
      params={{ space, packageId: PackageId, version: Version }}
      c="inherit"
    >
      {PackageId} {Version}
    </TextLink>
  );
}

function Became({ upload }: { upload: Upload }) {
  switch (upload.state) {
    case "failed":
      return (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {sentenceOf(upload.error)}
        </Text>
      );
    case "left":
      return <Words>The feed has this version already and keeps its own.</Words>;
    case "cancelled":
      return <Words>Cancelled before all of it was sent.</Words>;
    case "waiting":
      return <Words>Waiting for its turn.</Words>;
    case "sending":
      return upload.share < 1 ? (
        <Progress value={upload.share * 100} size="sm" mt={6} aria-label={`Sending ${upload.file.name}`} />
      ) : (
        <Words>The server looks into it and stores it.</Words>
      );
    default:
      return null;
  }
}

function Words({ children }: { children: string }) {
  return (
    <Text size="xs" c="dimmed">
      {children}
    </Text>
  );
}
