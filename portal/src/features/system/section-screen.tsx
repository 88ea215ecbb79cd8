import { Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Page } from "@/components/page";
import { MaintenancePanel } from "./maintenance-panel";
import { ProviderPanel } from "./provider-panel";
import { SectionForm } from "./section-form";
import { fieldsOf } from "./setting-fields";
import { sectionQuery, valuesQuery } from "./settings-api";
import { StartSettings } from "./start-settings";
import { StreamPanel } from "./stream-panel";
import { TestDirectory } from "./test-directory";
import { TestMail } from "./test-mail";

/** What stands below the form of a section: its state, and ways to try it. */
const BESIDES: Record<string, () => ReactNode> = {
  smtp: () => <TestMail />,
  "audit-stream": () => <StreamPanel />,
  "authentication-ldap": () => <TestDirectory />,
  server: () => <StartSettings />,
};

/** Why there is nothing to set, where the server only keeps what other programs write. */
const NOTHING: Record<string, string> = {
  letsencrypt:
    "This server fetches no certificates itself. Let certbot do it, and name its files in tls_certificate and tls_key.",
  telemetry: "This server sends nothing about itself to anybody, so there is nothing to switch off.",
  upgrade: "This server looks for no newer versions, and tells nobody of any. What it runs is told in the diagnostics.",
  performance: "Dashboards of any size are drawn as far as they are seen, so there is nothing to choose.",
};

export function SectionScreen() {
  const { section: id } = useParams({ from: "/shell/app/settings/$section" });
  const section = useQuery(sectionQuery(id));
  const values = useQuery(valuesQuery(id));
  return (
    <Page
      title={section.data?.section.Name ?? id}
      crumbs={[{ text: "Settings", to: "/app/settings" }]}
      description={section.data?.section.Description}
    >
      <Stack gap="md" maw={820}>
        <Loaded query={section} what="The section">
          {({ section: { Name }, metadata }) =>
            id === "maintenance" ? (
              <MaintenancePanel />
            ) : fieldsOf(metadata).length === 0 ? (
              <Notice tone="idle" icon={IconInfoCircle} title="Nothing to set here">
                <Text size="sm">
                  {NOTHING[id] ?? "Other programs keep settings here that this server does not act on."}
                </Text>
              </Notice>
            ) : (
              <Loaded query={values} what="The settings">
                {(saved) => <SectionForm key={id} id={id} name={Name} metadata={metadata} saved={saved} />}
              </Loaded>
            )
          }
        </Loaded>
        <ProviderPanel section={id} />
        {BESIDES[id]?.()}
        <Text size="sm">
          <TextLink to="/app/audit" search={{ regarding: `configuration-${id}` }} size="sm">
            Who changed these settings
          </TextLink>
        </Text>
      </Stack>
    </Page>
  );
}
