import { IconBarrierBlock } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import classes from "./shell.module.css";

const serverStatusQuery = queryOptions({
  queryKey: ["server-status"],
  queryFn: () => answer(api.GET("/api/serverstatus")),
  staleTime: 30_000,
  refetchInterval: 60_000,
});

/** Above every screen while only administrators may change anything, so that nobody fills a form in vain. */
export function MaintenanceBar() {
  const { data } = useQuery(serverStatusQuery);
  if (!data?.IsInMaintenanceMode) return null;
  return (
    <div className={classes.maintenance} role="status">
      <IconBarrierBlock size={17} aria-hidden />
      <span>The server is in maintenance mode: you can look at everything, and only administrators can change it.</span>
    </div>
  );
}
