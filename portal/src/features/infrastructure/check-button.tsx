import { Button } from "@mantine/core";
import { IconHeartbeat } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { notifyError } from "@/lib/notify";
import { useCheckHealth } from "./api";

/** Starts a health check and leads to its log. */
export function CheckButton({ space, targets }: { space: string; targets: string[] }) {
  const checking = useCheckHealth(space);
  const navigate = useNavigate();
  const check = () =>
    checking.mutate(targets, {
      onSuccess: (task) => navigate({ to: "/app/$space/tasks/$task", params: { space, task: task.Id } }),
      onError: (error) => notifyError("The health was not checked", error),
    });
  return (
    <Button
      variant="default"
      leftSection={<IconHeartbeat size={16} />}
      loading={checking.isPending}
      disabled={targets.length === 0}
      onClick={check}
    >
      Check health
    </Button>
  );
}
