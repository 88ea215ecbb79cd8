import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { givenOf, RoleEditor } from "./role-editor";
import { roleQuery } from "./roles-api";

/** A role of one's own, from nothing or from what another one grants. */
export function NewRoleScreen() {
  const { from } = useSearch({ from: "/shell/app/roles/new" });
  const model = useQuery({ ...roleQuery(from ?? ""), enabled: from !== undefined });
  return (
    <Page
      title="Add a role"
      crumbs={[{ text: "Roles", to: "/app/roles" }]}
      description={model.data ? `Begins with what ${model.data.Name} grants.` : "Grant only what the work needs."}
    >
      <div style={{ maxWidth: 1000 }}>
        {from === undefined ? (
          <RoleEditor before={null} />
        ) : (
          <Loaded query={model} what="The role to clone">
            {(found) => <RoleEditor before={null} first={{ ...givenOf(found), Name: `${found.Name} (copy)` }} />}
          </Loaded>
        )}
      </div>
    </Page>
  );
}
