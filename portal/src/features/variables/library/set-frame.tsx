import { useQuery } from "@tanstack/react-query";
import { linkOptions, Outlet, useParams } from "@tanstack/react-router";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { TabLinks } from "@/components/tab-links";
import { type LibrarySet, librarySetQuery } from "../api";

/** A library variable set, with a tab for each of its sides. */
export function VariableSetFrame() {
  const { space = "", set = "" } = useParams({ strict: false });
  const found = useQuery(librarySetQuery(space, set));
  const params = { space, set };
  const tabs = [
    { word: "Variables", link: linkOptions({ to: "/app/$space/library/variable-sets/$set", params }), exact: true },
    { word: "Templates", link: linkOptions({ to: "/app/$space/library/variable-sets/$set/templates", params }) },
    { word: "Usage", link: linkOptions({ to: "/app/$space/library/variable-sets/$set/usage", params }) },
    { word: "Settings", link: linkOptions({ to: "/app/$space/library/variable-sets/$set/settings", params }) },
  ];
  return (
    <Page
      title={found.data?.Name ?? set}
      crumbs={[{ text: "Variable sets", to: `/app/${space}/library/variable-sets` }]}
      description={found.data?.Description}
      tabs={<TabLinks label="Variable set" tabs={tabs} />}
    >
      <Loaded query={found} what="The variable set">
        {() => <Outlet />}
      </Loaded>
    </Page>
  );
}

/** A script module, which is a set with a script in its variables. */
export function ScriptModuleFrame() {
  const { space = "", set = "" } = useParams({ strict: false });
  const found = useQuery(librarySetQuery(space, set));
  const params = { space, set };
  const tabs = [
    { word: "Script", link: linkOptions({ to: "/app/$space/library/script-modules/$set", params }), exact: true },
    { word: "Usage", link: linkOptions({ to: "/app/$space/library/script-modules/$set/usage", params }) },
    { word: "Settings", link: linkOptions({ to: "/app/$space/library/script-modules/$set/settings", params }) },
  ];
  return (
    <Page
      title={found.data?.Name ?? set}
      crumbs={[{ text: "Script modules", to: `/app/${space}/library/script-modules` }]}
      description={found.data?.Description}
      tabs={<TabLinks label="Script module" tabs={tabs} />}
    >
      <Loaded query={found} what="The script module">
        {() => <Outlet />}
      </Loaded>
    </Page>
  );
}

/** The set of the tab that is shown; the frame shows tabs only when it is there. */
export function useLibrarySet(): { space: string; set: LibrarySet } {
  const { space = "", set: id = "" } = useParams({ strict: false });
  const { data } = useQuery(librarySetQuery(space, id));
  if (!data) throw new Error("A tab of a set is shown only within its frame.");
  return { space, set: data };
}
