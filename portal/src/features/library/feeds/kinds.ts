import type { Feed, FeedType } from "./api";

/** How the server shows who it is to a feed. */
export type Way = "nobody" | "password" | "keys" | "machine" | "identity" | "json";

type Field =
  | "FeedUri"
  | "RegistryPath"
  | "ApiVersion"
  | "Region"
  | "Repository"
  | "LayoutRegex"
  | "Project"
  | "Retries";

interface Kind {
  word: string;
  /** What is in such a feed, in a few words. */
  about: string;
  /** What the form asks for besides the name. */
  fields: readonly Field[];
  ways: readonly Way[];
  /** An address that is well known, or an example of one. */
  example?: string;
  /** What the identity of this server is traded for needs. */
  identity?: readonly ("ClientId" | "TenantId" | "RoleArn" | "SessionDuration")[];
}

const PLAIN: readonly Way[] = ["nobody", "password"];
const REGISTRY: readonly Field[] = ["FeedUri", "RegistryPath", "ApiVersion"];

/** The kinds of feeds that can be added, in the order in which they are offered. */
export const KINDS: Partial<Record<FeedType, Kind>> = {
  Docker: {
    word: "Docker registry",
    about: "Container images.",
    fields: REGISTRY,
    ways: PLAIN,
    example: "https://index.docker.io",
  },
  NuGet: {
    word: "NuGet feed",
    about: "NuGet packages, version 2 or 3 of the protocol.",
    fields: ["FeedUri", "Retries"],
    ways: PLAIN,
    example: "https://api.nuget.org/v3/index.json",
  },
  Maven: {
    word: "Maven repository",
    about: "Java packages, named group:artifact.",
    fields: ["FeedUri", "Retries"],
    ways: PLAIN,
    example: "https://repo.maven.apache.org/maven2",
  },
  Helm: {
    word: "Helm repository",
    about: "Charts for Kubernetes.",
    fields: ["FeedUri"],
    ways: PLAIN,
    example: "https://charts.example.com",
  },
  OciRegistry: {
    word: "OCI registry",
    about: "Helm charts in a container registry.",
    fields: ["FeedUri"],
    ways: PLAIN,
    example: "oci://registry-1.docker.io",
  },
  GitHub: {
    word: "GitHub releases",
    about: "Releases of repositories, named owner/repository.",
    fields: ["FeedUri", "Retries"],
    ways: PLAIN,
    example: "https://api.github.com",
  },
  Npm: {
    word: "npm registry",
    about: "JavaScript packages.",
    fields: ["FeedUri"],
    ways: PLAIN,
    example: "https://npm.example.com",
  },
  PyPi: {
    word: "PyPI index",
    about: "Python packages.",
    fields: ["FeedUri"],
    ways: PLAIN,
    example: "https://pypi.org/simple",
  },
  ArtifactoryGeneric: {
    word: "Artifactory, generic",
    about: "Files whose paths tell their id and version.",
    fields: ["FeedUri", "Repository", "LayoutRegex"],
    ways: PLAIN,
    example: "https://artifactory.example.com",
  },
  AwsElasticContainerRegistry: {
    word: "AWS Elastic Container Registry",
    about: "Container images at Amazon.",
    fields: ["Region"],
    ways: ["keys", "identity"],
    identity: ["RoleArn", "SessionDuration"],
  },
  S3: {
    word: "AWS S3 bucket",
    about: "Files named bucket/path/id.version.",
    fields: [],
    ways: ["keys", "machine"],
  },
  AzureContainerRegistry: {
    word: "Azure Container Registry",
    about: "Container images at Microsoft.",
    fields: REGISTRY,
    ways: [...PLAIN, "identity"],
    example: "https://acme.azurecr.io",
    identity: ["ClientId", "TenantId"],
  },
  GoogleContainerRegistry: {
    word: "Google Container Registry",
    about: "Container images at Google.",
    fields: REGISTRY,
    ways: [...PLAIN, "identity"],
    example: "https://europe-docker.pkg.dev",
    identity: [],
  },
  GcsStorage: {
    word: "Google Cloud Storage bucket",
    about: "Files in a bucket at Google.",
    fields: ["Project"],
    ways: ["json", "identity"],
    identity: [],
  },
};

export const WAYS: Record<Way, string> = {
  nobody: "Without signing in",
  password: "With a user name and a password or token",
  keys: "With an access key",
  machine: "With the rights of the machine that asks",
  identity: "With this server's identity (OpenID Connect)",
  json: "With the key file of a service account",
};

/** What a feed is called to people; the built-in ones have words of their own. */
export function wordOf(type: FeedType): string {
  if (type === "BuiltIn") return "Built-in packages";
  if (type === "OctopusProject") return "Releases of projects";
  return KINDS[type]?.word ?? type;
}

/** Whether this server looks into such a feed; others are kept for what reads them by itself. */
export function isRead(type: FeedType): boolean {
  return type === "BuiltIn" || type === "OctopusProject";
}

/** How the server signs in to the feed as it is. */
export function wayOf(feed: Feed): Way {
  const ways = KINDS[feed.FeedType]?.ways ?? [];
  const has = (way: Way) => ways.includes(way);
  if (has("identity") && feed.OidcAuthentication) return "identity";
  if (has("machine") && feed.UseMachineCredentials) return "machine";
  if (has("json")) return "json";
  if (has("keys")) return "keys";
  return has("password") && (feed.Username || feed.Password?.HasValue) ? "password" : "nobody";
}

const NO_SECRET = { HasValue: false, NewValue: null, Hint: null };

const NEW_IDENTITY = {
  Audience: null,
  SubjectKeys: ["space", "feed"],
  ClientId: null,
  TenantId: null,
  RoleArn: null,
  SessionDuration: null,
};

/** The feed with another way to sign in: what the others need is cleared, so that no old secret is left behind. */
export function withWay(feed: Feed, way: Way): Feed {
  return {
    ...feed,
    ...(way !== "password" && { Username: null, Password: NO_SECRET }),
    ...(way !== "keys" && { AccessKey: null, SecretKey: NO_SECRET }),
    ...(way !== "json" && { ServiceAccountJsonKey: NO_SECRET }),
    UseServiceAccountKey: feed.FeedType === "GcsStorage" ? way === "json" : feed.UseServiceAccountKey,
    UseMachineCredentials: KINDS[feed.FeedType]?.ways.includes("machine")
      ? way === "machine"
      : feed.UseMachineCredentials,
    OidcAuthentication: way === "identity" ? (feed.OidcAuthentication ?? NEW_IDENTITY) : null,
  };
}

/** A new feed of a kind, with the address that everybody uses where there is one. */
export function newFeed(type: FeedType): Feed {
  const known = ["Docker", "NuGet", "Maven", "GitHub", "Npm", "PyPi"].includes(type) ? KINDS[type]?.example : undefined;
  const [way = "nobody"] = KINDS[type]?.ways ?? [];
  const bare = {
    FeedType: type,
    Name: "",
    FeedUri: known ?? null,
    DownloadAttempts: 5,
    DownloadRetryBackoffSeconds: 10,
  };
  return way === "nobody" ? (bare as Feed) : withWay(bare as Feed, way);
}
