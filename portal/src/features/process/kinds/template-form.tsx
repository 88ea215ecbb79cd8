import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ButtonLink, TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import type { Template } from "../api";
import { templateQuery, templateVersionQuery } from "../api-templates";
import { type ActionFormProps, setProperties, useEditing } from "../form/context";
import { ParameterField } from "../form/parameter-field";
import { Section } from "../form/section";
import { TEMPLATE_ID, TEMPLATE_VERSION, textIn } from "../model/properties";

/** A step that was made from a template asks only for the parameters of that. */
export function TemplateForm({ action, change }: ActionFormProps) {
  const { space } = useEditing();
  const id = textIn(action.Properties, TEMPLATE_ID);
  const version = textIn(action.Properties, TEMPLATE_VERSION);
  const template = useQuery(templateVersionQuery(space, id, version));
  const newest = useQuery(templateQuery(space, id));
  return (
    <Section title="Step template" summary={template.data?.Name ?? "The template"} open>
      <Loaded query={template} what="The step template">
        {(found) => <Parameters template={found} newest={newest.data} action={action} change={change} />}
      </Loaded>
    </Section>
  );
}

function Parameters({ template, newest, action, change }: ActionFormProps & { template: Template; newest?: Template }) {
  const { space } = useEditing();
  const params = { space, template: template.Id };
  const isOld = newest !== undefined && newest.Version > template.Version;
  return (
    <>
      <Text size="sm" c="dimmed">
        From{" "}
        <TextLink to="/app/$space/library/step-templates/$template" params={params} size="sm" underline="always">
          {template.Name}
        </TextLink>
        , version {template.Version}.{isOld && ` The template is at version ${newest.Version} by now.`}
      </Text>
      {isOld && (
        <div>
          <ButtonLink
            to="/app/$space/library/step-templates/$template"
            params={params}
            search={{ tab: "usage" }}
            size="xs"
            variant="default"
          >
            Take it to version {newest.Version}
          </ButtonLink>
        </div>
      )}
      {template.Parameters.map((parameter) => (
        <ParameterField
          key={parameter.Id || parameter.Name}
          parameter={parameter}
          value={action.Properties[parameter.Name]}
          onText={(text) =>
            setProperties(change, (old) => ({ ...old, [parameter.Name]: text }), `parameter ${parameter.Name}`)
          }
          onSecret={(secret) =>
            setProperties(change, (old) => ({ ...old, [parameter.Name]: secret }), `parameter ${parameter.Name}`)
          }
        />
      ))}
      {template.Parameters.length === 0 && (
        <Text size="sm" c="dimmed">
          It has no parameters.
        </Text>
      )}
    </>
  );
}
