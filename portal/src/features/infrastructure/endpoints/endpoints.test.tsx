import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { useForm } from "@/lib/use-form";
import type { Style } from "../kinds";
import { TARGETS } from "../machines/realm";
import { EndpointFields } from "./endpoint-fields";
import { type Endpoint, newEndpoint } from "./starts";

beforeAll(() => {
  window.matchMedia ??= ((query: string) => ({
    matches: false,
    media: query,
    addEventListener: () => {},
    removeEventListener: () => {},
  })) as never;
  globalThis.ResizeObserver ??= class {
    observe() {}
    unobserve() {}
    disconnect() {}
  } as never;
});
afterEach(cleanup);

let shown: Endpoint;

function Editing({ endpoint }: { endpoint: Endpoint }) {
  const form = useForm<Endpoint>(endpoint, null);
  shown = form.value;
  return <EndpointFields realm={TARGETS} space="Spaces-1" form={form} />;
}

function open(endpoint: Endpoint) {
  const client = new QueryClient({ defaultOptions: { queries: { enabled: false } } });
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <Editing endpoint={endpoint} />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const UNKNOWN = { SomethingNew: { Deep: [1, 2] } };

/** A field of each kind of endpoint, what is written into it, and where it then stands. */
const TABLE: [Style, string, string, (endpoint: Endpoint) => unknown][] = [
  ["TentaclePassive", "Address", "https://web-1:10933/", (one) => one.Uri],
  ["TentacleActive", "Subscription", "poll://abc/", (one) => one.Uri],
  ["KubernetesTentacle", "Thumbprint", "AB", (one) => one.TentacleEndpointConfiguration?.Thumbprint],
  ["Ssh", "Host", "web-1", (one) => one.Host],
  ["Kubernetes", "Address of the API", "https://cluster:6443", (one) => one.ClusterUrl],
  ["OfflineDrop", "Working folder there", "/srv/work", (one) => one.OctopusWorkingDirectory],
  ["AzureWebApp", "Web app", "shop", (one) => one.WebAppName],
  ["AzureCloudService", "Cloud service", "shop", (one) => one.CloudServiceName],
  ["AzureServiceFabricCluster", "Address", "cluster:19000", (one) => one.ConnectionEndpoint],
  ["AwsEcsCluster", "Region", "eu-central-1", (one) => one.Region],
];

describe("forms of endpoints", () => {
  it.each(TABLE)("%s: '%s' is changed, and what the form does not know stays", (style, label, text, read) => {
    const start = { ...newEndpoint(style), ...UNKNOWN } as Endpoint;
    open(start);
    fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
    expect(read(shown)).toBe(text);
    expect(shown).toMatchObject({ CommunicationStyle: style, ...UNKNOWN });
  });

  it("keep a secret that is not typed anew", () => {
    const kept = { HasValue: true, NewValue: null, Hint: null };
    open({ ...newEndpoint("OfflineDrop"), SensitiveVariablesEncryptionPassword: kept } as Endpoint);
    fireEvent.change(screen.getByLabelText("Working folder there"), { target: { value: "/srv" } });
    expect(shown.SensitiveVariablesEncryptionPassword).toEqual(kept);
  });

  it("show what another program made, and change nothing of it", () => {
    const endpoint = { CommunicationStyle: "StepPackage", StepPackageId: "x", Inputs: { a: 1 } } as unknown as Endpoint;
    open(endpoint);
    expect(screen.getByText(/"StepPackageId": "x"/)).toBeTruthy();
    expect(shown).toEqual(endpoint);
  });
});
