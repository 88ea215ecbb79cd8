import { linkOptions, Outlet } from "@tanstack/react-router";
import { Page } from "@/components/page";
import { TabLinks } from "@/components/tab-links";

const TABS = [
  { word: "Profile", link: linkOptions({ to: "/app/profile" }), exact: true },
  { word: "What you may do", link: linkOptions({ to: "/app/profile/permissions" }) },
];

export function ProfileFrame() {
  return (
    <Page title="Profile" tabs={<TabLinks label="Profile" tabs={TABS} />}>
      <Outlet />
    </Page>
  );
}
