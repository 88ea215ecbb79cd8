import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Confirm } from "@/components/confirm";
import { notifyDone, notifyError } from "@/lib/notify";
import { packageUsageQuery, useDeletePackages } from "./api";

interface Named {
  Id: string;
  Version: string;
}

interface Props {
  space: string;
  packageId: string;
  /** None: nothing is asked. */
  versions: readonly Named[];
  onClose: () => void;
  onDeleted: () => void;
}

/** Asks before versions are deleted, and says what that does to releases. */
export function DeleteVersions({ space, packageId, versions, onClose, onDeleted }: Props) {
  const deleting = useDeletePackages(space);
  const [only] = versions;
  const what = versions.length === 1 ? `${packageId} ${only?.Version}` : `${versions.length} versions of ${packageId}`;
  const confirm = () =>
    deleting.mutate(
      versions.map((one) => one.Id),
      {
        onSuccess: () => {
          notifyDone(versions.length === 1 ? `${what} is deleted.` : `${what} are deleted.`);
          onDeleted();
        },
        onError: (error) => notifyError("Nothing was deleted", error),
        onSettled: onClose,
      },
    );
  return (
    <Confirm
      opened={versions.length > 0}
      title={`Delete ${what}?`}
      action="Delete"
      danger
      pending={deleting.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      {versions.length === 1 && only ? (
        <UsersOf space={space} id={only.Id} />
      ) : (
        <Text size="sm">Releases that use them cannot be deployed any more. The files are gone for good.</Text>
      )}
    </Confirm>
  );
}

function UsersOf({ space, id }: { space: string; id: string }) {
  const { data } = useQuery(packageUsageQuery(space, id));
  const users = [...(data?.Releases ?? []), ...(data?.RunbookSnapshots ?? [])];
  if (data && users.length === 0) {
    return <Text size="sm">No release and no runbook snapshot uses it. The file is gone for good.</Text>;
  }
  const named = users.slice(0, 5).map((one) => `${one.ProjectName} ${one.Name}`);
  const more = users.length > named.length ? ` and ${users.length - named.length} more` : "";
  return (
    <Text size="sm">
      {named.length > 0
        ? `It is used by ${named.join(", ")}${more}: what uses it cannot be deployed any more.`
        : "Releases that use it cannot be deployed any more."}{" "}
      The file is gone for good.
    </Text>
  );
}
