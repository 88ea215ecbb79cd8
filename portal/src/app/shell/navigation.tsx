import {
  type Icon,
  IconLayoutDashboard,
  IconListCheck,
  IconPackage,
  IconServer2,
  IconStack2,
  IconUsers,
  IconWorld,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps, linkOptions } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { taskCountsQuery } from "@/features/tasks/api";
import { useSpace } from "@/lib/use-space";
import classes from "./shell.module.css";

export function Navigation() {
  const space = useSpace();
  const params = { space };
  return (
    <>
      <Entry link={linkOptions({ to: "/app/$space", params })} icon={IconLayoutDashboard} exact>
        Dashboard
      </Entry>
      <Entry link={linkOptions({ to: "/app/$space/projects", params })} icon={IconStack2}>
        Projects
      </Entry>
      <Entry
        link={linkOptions({ to: "/app/$space/tasks", params })}
        icon={IconListCheck}
        aside={<TaskCounts space={space} />}
      >
        Tasks
      </Entry>
      <div className={classes.heading}>Infrastructure</div>
      <Entry link={linkOptions({ to: "/app/$space/infrastructure/environments", params })} icon={IconWorld}>
        Environments
      </Entry>
      <Entry link={linkOptions({ to: "/app/$space/infrastructure/targets", params })} icon={IconServer2}>
        Targets
      </Entry>
      <div className={classes.heading}>Library</div>
      <Entry link={linkOptions({ to: "/app/$space/library/packages", params })} icon={IconPackage}>
        Packages
      </Entry>
      <div className={classes.heading}>Configuration</div>
      <Entry link={linkOptions({ to: "/app/users" })} icon={IconUsers}>
        Users
      </Entry>
    </>
  );
}

interface EntryProps {
  link: Pick<LinkProps, "to" | "params">;
  icon: Icon;
  exact?: boolean;
  aside?: ReactNode;
  children: ReactNode;
}

function Entry({ link, icon: Sign, exact, aside, children }: EntryProps) {
  return (
    <Link {...link} className={classes.link} activeOptions={{ exact: exact ?? false, includeSearch: false }}>
      <Sign size={18} stroke={1.7} aria-hidden />
      {children}
      {aside}
    </Link>
  );
}

function TaskCounts({ space }: { space: string }) {
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
