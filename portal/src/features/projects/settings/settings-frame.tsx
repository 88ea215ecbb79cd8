import { Outlet } from "@tanstack/react-router";
import { type TabLink, TabLinks } from "@/components/tab-links";
import { useProject } from "@/lib/use-project";
import classes from "./settings.module.css";

/** The settings of a project, section by section. */
export function SettingsFrame() {
  const { space, project } = useProject();
  const params = { space, project: project.Slug };
  const sections: TabLink[] = [
    { word: "General", link: { to: "/app/$space/projects/$project/settings", params }, exact: true },
    { word: "Deployments", link: { to: "/app/$space/projects/$project/settings/deployments", params } },
    { word: "Tenants and channels", link: { to: "/app/$space/projects/$project/settings/tenants", params } },
    { word: "Version control", link: { to: "/app/$space/projects/$project/settings/version-control", params } },
  ];
  return (
    <div className={classes.frame}>
      <div className={classes.sections}>
        <TabLinks label="Settings" tabs={sections} />
      </div>
      <div className={classes.section}>
        <Outlet />
      </div>
    </div>
  );
}
