import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTerminal2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { spacesQuery } from "@/api/session";
import { Copyable } from "@/components/copyable";
import { TextLink } from "@/components/links";

/** How a build server pushes packages: the commands, with this server's address in them. */
export function PushHelpButton({ space }: { space: string }) {
  const [opened, { open, close }] = useDisclosure();
  return (
    <>
      <Button variant="default" leftSection={<IconTerminal2 size={16} />} onClick={open}>
        Push from a build
      </Button>
      <Modal opened={opened} onClose={close} title={<Text fw={600}>Push packages from a build</Text>} size="lg">
        <PushHelp space={space} />
      </Modal>
    </>
  );
}

function PushHelp({ space }: { space: string }) {
  const { data: spaces } = useQuery(spacesQuery);
  const name = spaces?.find((one) => one.Id === space)?.Name ?? space;
  const server = window.location.origin;
  const ways = [
    {
      label: "With the command line",
      text: `octopus package upload --package Hello.Web.1.0.0.zip --space "${name}"`,
      about: "It reads the server and the key from OCTOPUS_URL and OCTOPUS_API_KEY.",
    },
    {
      label: "With curl",
      text: `curl -H "X-Octopus-ApiKey: $OCTOPUS_API_KEY" -F file=@Hello.Web.1.0.0.zip ${server}/api/${space}/packages/raw`,
      about: "Add ?overwriteMode=IgnoreIfExists, and a build that runs twice does not fail.",
    },
    {
      label: "With NuGet",
      text: `dotnet nuget push Hello.Web.1.0.0.nupkg --source ${server}/${space}/nuget/packages --api-key $OCTOPUS_API_KEY`,
      about: "NuGet packages name themselves: what the file is called does not matter.",
    },
  ];
  return (
    <Stack gap="lg">
      <Text size="sm">
        A file is named by the package, its version and its kind, such as <b>Hello.Web.1.0.0.zip</b>. The build needs an
        API key of a user who may push packages; you make one{" "}
        <TextLink to="/app/profile" underline="always" size="sm">
          in your profile
        </TextLink>
        .
      </Text>
      {ways.map((way) => (
        <Stack key={way.label} gap={4}>
          <Text size="sm" fw={500}>
            {way.label}
          </Text>
          <Copyable text={way.text} label={`the command ${way.label.toLowerCase()}`} />
          <Text size="xs" c="dimmed">
            {way.about}
          </Text>
        </Stack>
      ))}
    </Stack>
  );
}
