import { List, Text } from "@mantine/core";
import type { Shape } from "@/api/client";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Ago } from "@/components/time";
import { exactTime } from "@/lib/time";
import machines from "../machines/machines.module.css";
import type { Certificate } from "./api";

/** What was read in the file. */
export function CertificateFacts({ space, certificate: one }: { space: string; certificate: Certificate }) {
  return (
    <Facts
      facts={[
        ["Subject", one.SubjectDistinguishedName],
        ["Other names", one.SubjectAlternativeNames.join(", ")],
        ["Issuer", one.SelfSigned ? "Itself (self-signed)" : one.IssuerDistinguishedName],
        ["Valid from", one.NotBefore && exactTime(one.NotBefore)],
        [
          "Expires",
          one.NotAfter && (
            <span key="end">
              {exactTime(one.NotAfter)} (<Ago at={one.NotAfter} />)
            </span>
          ),
        ],
        ["Thumbprint", <Mono key="thumbprint" text={one.Thumbprint} />],
        ["Serial number", <Mono key="serial" text={one.SerialNumber} />],
        ["Signature", one.SignatureAlgorithmName],
        ["Private key", one.HasPrivateKey ? "Yes, kept encrypted" : "No"],
        ["File", one.CertificateDataFormat === "Pkcs12" ? "PFX" : one.CertificateDataFormat.toUpperCase()],
        [
          "Replaced by",
          one.ReplacedBy && (
            <TextLink
              key="replaced"
              to="/app/$space/infrastructure/certificates/$certificate"
              params={{ space, certificate: one.ReplacedBy }}
              size="sm"
            >
              The certificate in its place
            </TextLink>
          ),
        ],
        ["Id", one.Id],
      ]}
    />
  );
}

function Mono({ text }: { text: string }) {
  return <span className={machines.mono}>{text}</span>;
}

/** The certificates above it, up to a root. */
export function Chain({ chain }: { chain: readonly Shape<"X509Certificate">[] }) {
  return (
    <List size="sm" listStyleType="none" spacing="xs">
      {chain.map((one) => (
        <List.Item key={one.Thumbprint}>
          {one.SubjectDistinguishedName}
          <Text size="xs" c="dimmed" className={machines.mono}>
            {one.Thumbprint}
          </Text>
          <Text size="xs" c="dimmed">
            expires {exactTime(one.NotAfter)}
          </Text>
        </List.Item>
      ))}
    </List>
  );
}
