import { Button, Code, CopyButton, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { Panel } from "@/components/page";

/** By what the addresses of each provider are known. */
const ROUTES: Record<string, string> = {
  "authentication-generic-oidc": "GenericOidc",
  "authentication-aad": "AzureAD",
  "authentication-googleapps": "GoogleApps",
  "authentication-od": "Okta",
  "authentication-octopusid": "OctopusID",
};

const serverQuery = {
  queryKey: ["server-address"],
  queryFn: () => answer(api.GET("/api/serverconfiguration")),
};

/** What has to be entered at the provider: the address that it sends people back to. */
export function ProviderPanel({ section }: { section: string }) {
  const route = ROUTES[section];
  const { data } = useQuery({ ...serverQuery, enabled: route !== undefined });
  if (!route) return null;
  const base = (data?.ServerUri || window.location.origin).replace(/\/$/, "");
  const address = `${base}/api/users/authenticatedToken/${route}`;
  return (
    <Panel title="At the provider">
      <Text size="sm" mb="xs">
        Register this server as a web application, with this address to be redirected to:
      </Text>
      <Group gap="xs" wrap="nowrap">
        <Code block flex={1} style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
          {address}
        </Code>
        <CopyButton value={address}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Text size="sm" c="dimmed" mt="xs">
        {data && !data.ServerUri && "The server's address is not set, so it is the one that you came by. "}
        Then switch it on, and try it in a private window, so that you stay signed in here.
      </Text>
    </Panel>
  );
}
