import type { Shape } from "@/api/client";

export type Account = Shape<"Account">;
export type AccountType = Account["AccountType"];

interface FieldOf<Kind extends string> {
  kind: Kind;
  name: keyof Account & string;
  label: string;
  description?: string;
  placeholder?: string;
}
export type FieldSpec = FieldOf<"text"> | FieldOf<"secret"> | FieldOf<"file"> | FieldOf<"cloud">;

export interface Kind {
  type: AccountType;
  title: string;
  sentence: string;
  fields: readonly FieldSpec[];
  /** Signs in by tokens that this server issues. */
  isOidc?: boolean;
}

const text = (name: FieldSpec["name"], label: string, more: Partial<FieldSpec> = {}) =>
  ({ kind: "text", name, label, ...more }) as FieldSpec;
const secret = (name: FieldSpec["name"], label: string, description?: string) =>
  ({ kind: "secret", name, label, description }) as FieldSpec;
const file = (name: FieldSpec["name"], label: string, description?: string) =>
  ({ kind: "file", name, label, description }) as FieldSpec;

const GUID = { placeholder: "00000000-0000-0000-0000-000000000000" };
const AZURE = [
  text("SubscriptionNumber", "Subscription id", GUID),
  text("TenantId", "Directory (tenant) id", GUID),
  text("ClientId", "Application (client) id", GUID),
];
const CLOUD = { kind: "cloud", name: "AzureEnvironment", label: "Cloud" } as FieldSpec;
const ENDPOINTS = [
  text("ResourceManagementEndpointBaseUri", "Address of the resource manager", { placeholder: "As the cloud has it" }),
  text("ActiveDirectoryEndpointBaseUri", "Address of the directory", { placeholder: "As the cloud has it" }),
];
const ROLE = [
  text("RoleArn", "Role", { placeholder: "arn:aws:iam::…:role/…" }),
  text("SessionDuration", "Length of a session in seconds", { placeholder: "3600" }),
  text("Region", "Region", { placeholder: "eu-central-1" }),
];

/** Every type of account, with what it consists of. */
export const KINDS: readonly Kind[] = [
  {
    type: "UsernamePassword",
    title: "User name and password",
    sentence: "For SSH, databases, registries, and whatever else asks for the two.",
    fields: [text("Username", "User name"), secret("Password", "Password")],
  },
  {
    type: "SshKeyPair",
    title: "SSH key pair",
    sentence: "A user and a private key, for targets and workers by SSH.",
    fields: [
      text("Username", "User name"),
      file("PrivateKeyFile", "Private key", "In OpenSSH or PEM form: RSA, ECDSA or Ed25519."),
      secret("PrivateKeyPassphrase", "Passphrase", "Where the key has one."),
    ],
  },
  {
    type: "Token",
    title: "Token",
    sentence: "One secret, for Kubernetes or an API.",
    fields: [secret("Token", "Token")],
  },
  {
    type: "AmazonWebServicesAccount",
    title: "AWS access key",
    sentence: "An access key and its secret.",
    fields: [
      text("AccessKey", "Access key"),
      secret("SecretKey", "Secret key"),
      text("Region", "Region", { placeholder: "eu-central-1" }),
    ],
  },
  {
    type: "AmazonWebServicesRoleAccount",
    title: "AWS role",
    sentence: "A role that the worker takes on by what it is allowed already.",
    fields: ROLE,
  },
  {
    type: "AmazonWebServicesOidcAccount",
    title: "AWS by OpenID Connect",
    sentence: "A role that trusts this server. No secret is kept.",
    fields: ROLE,
    isOidc: true,
  },
  {
    type: "AzureServicePrincipal",
    title: "Azure service principal",
    sentence: "An application of Entra ID, with a client secret.",
    fields: [...AZURE, secret("Password", "Client secret"), CLOUD, ...ENDPOINTS],
  },
  {
    type: "AzureOidc",
    title: "Azure by OpenID Connect",
    sentence: "An application that trusts this server. No secret is kept.",
    fields: [...AZURE, CLOUD, ...ENDPOINTS],
    isOidc: true,
  },
  {
    type: "AzureSubscription",
    title: "Azure subscription, classic",
    sentence: "A management certificate, for classic cloud services.",
    fields: [
      text("SubscriptionNumber", "Subscription id", GUID),
      file("CertificateBytes", "Management certificate", "A PFX file. Without one, a certificate is made."),
      text("CertificateThumbprint", "Thumbprint of the certificate"),
      CLOUD,
      text("ServiceManagementEndpointBaseUri", "Address of service management", { placeholder: "As the cloud has it" }),
      text("ServiceManagementEndpointSuffix", "Suffix of storage addresses", { placeholder: "As the cloud has it" }),
    ],
  },
  {
    type: "GoogleCloudAccount",
    title: "Google Cloud key",
    sentence: "The JSON key of a service account.",
    fields: [file("JsonKey", "JSON key")],
  },
  {
    type: "GoogleCloudOidcAccount",
    title: "Google Cloud by OpenID Connect",
    sentence: "A workload identity pool that trusts this server. No secret is kept.",
    fields: [text("TokenLifetimeSeconds", "Life of a token in seconds", { placeholder: "3600" })],
    isOidc: true,
  },
  {
    type: "GenericOidcAccount",
    title: "OpenID Connect for anything",
    sentence: "Scripts get a token that this server signs, for whatever trusts it.",
    fields: [],
    isOidc: true,
  },
];

export function kindOf(type: string | undefined): Kind | undefined {
  return KINDS.find((kind) => kind.type === type);
}

/** Accounts that a task can try out. */
export function canBeTried(type: AccountType): boolean {
  return type === "AzureServicePrincipal" || type === "AzureOidc";
}

/** Accounts whose public half can be downloaded. */
export function hasPublicHalf(type: AccountType): boolean {
  return type === "SshKeyPair" || type === "AzureSubscription";
}

/** What the form of a new account begins with. */
export function newAccount(type: AccountType): Account {
  return {
    AccountType: type,
    Name: "",
    Description: "",
    EnvironmentIds: [],
    TenantedDeploymentParticipation: "Untenanted",
    TenantIds: [],
    TenantTags: [],
  } as unknown as Account;
}
