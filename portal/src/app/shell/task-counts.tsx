import { useQuery } from "@tanstack/react-query";
import { taskCountsQuery } from "@/features/tasks/api";
import classes from "./shell.module.css";

/** How many tasks wait for a person; where none does, how many are under way. */
export function TaskCounts({ space }: { space: string }) {
  const { data } = useQuery(taskCountsQuery(space));
  if (!data) return null;
  if (data.waiting > 0) {
    return (
      <span className={classes.count} data-kind="waiting" title={`${data.waiting} waiting for a person`}>
        {data.waiting}
      </span>
    );
  }
  if (data.active > 0) {
    return (
      <span className={classes.count} data-kind="running" title={`${data.active} queued or running`}>
        {data.active}
      </span>
    );
  }
  return null;
}
