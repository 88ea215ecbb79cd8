import { Stack, Text } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { DataTable, NameCell } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import { controlOf, wordsOf } from "@/components/parameters/controls";
import { useProject } from "@/lib/use-project";
import { includedSetsQuery } from "../api";
import { TemplatesEditor } from "../templates/templates-editor";
import { useChangeProject } from "./api";

/** The variables that each tenant of the project gives values of its own. */
export function ProjectTemplatesTab() {
  const { space, project } = useProject();
  const changing = useChangeProject(space, project);
  return (
    <Stack>
      {project.TenantedDeploymentMode === "Untenanted" && (
        <Notice tone="idle" icon={IconUsersGroup}>
          <Text size="sm">
            The project is deployed without tenants. Templates have a meaning once its settings allow tenants.
          </Text>
        </Notice>
      )}
      <TemplatesEditor
        id={`${project.Id}/templates`}
        space={space}
        need={{ permission: "ProjectEdit", space, project: project.Id }}
        title="Templates of the project"
        saved={project.Templates}
        save={async (Templates) => (await changing.mutateAsync({ Templates })).Templates}
        empty="A template is a variable of which every tenant gives a value of its own for each environment: a domain, a database."
      />
      <IncludedTemplates />
    </Stack>
  );
}

function IncludedTemplates() {
  const { space, project } = useProject();
  const included = useQuery(includedSetsQuery(space, project.IncludedLibraryVariableSetIds));
  const rows = (included.data ?? []).flatMap(({ set }) => set.Templates.map((template) => ({ set, template })));
  if (rows.length === 0) return null;
  return (
    <Panel title="Templates of library sets" flush>
      <DataTable
        label="Templates of library sets"
        rows={rows}
        keyOf={({ set, template }) => `${set.Id}/${template.Id}`}
        columns={[
          {
            head: "Template",
            cell: ({ template }) => (
              <NameCell name={template.Label || template.Name}>{template.HelpText || template.Name}</NameCell>
            ),
          },
          { head: "Control", width: 190, wideOnly: true, cell: ({ template }) => controlOf(template).word },
          {
            head: "Default",
            width: 180,
            dimmed: true,
            cell: ({ template }) => wordsOf(template.DefaultValue) || "none",
          },
          {
            head: "Library set",
            width: 200,
            cell: ({ set }) => (
              <TextLink size="sm" to="/app/$space/library/variable-sets/$set/templates" params={{ space, set: set.Id }}>
                {set.Name}
              </TextLink>
            ),
          },
        ]}
      />
    </Panel>
  );
}
