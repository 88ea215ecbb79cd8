import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { credentialUsageQuery } from "./api";

/** The projects that sign in with the credential. */
export function CredentialUsers({ space, id }: { space: string; id: string }) {
  const usage = useQuery(credentialUsageQuery(space, id));
  return (
    <Loaded query={usage} what="The projects that use it" rows={1}>
      {({ Projects, OtherProjects }) => (
        <Text size="sm" component="div">
          {Projects.length === 0 && OtherProjects === 0 && "No project uses it."}
          {Projects.map((one, index) => (
            <span key={one.ProjectId}>
              {index > 0 && ", "}
              <TextLink
                to="/app/$space/projects/$project"
                params={{ space, project: one.Slug }}
                size="sm"
                underline="always"
              >
                {one.Name}
              </TextLink>
            </span>
          ))}
          {OtherProjects > 0 && ` and ${OtherProjects} that you may not see`}
        </Text>
      )}
    </Loaded>
  );
}
