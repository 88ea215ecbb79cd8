import { Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { Notice } from "@/components/notice";

/** What the server does with feeds other than its own. */
export function UnreadNotice() {
  return (
    <div style={{ marginBottom: 16 }}>
      <Notice tone="idle" icon={IconInfoCircle}>
        <Text size="sm">
          This server takes packages from its built-in feed. Other feeds can be kept here, for steps that name an image
          or for what brings them along, but the server does not list their packages or fetch them: push a package to
          the built-in feed to deploy it.
        </Text>
      </Notice>
    </div>
  );
}
