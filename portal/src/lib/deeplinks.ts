/**
 * Links of the form that clients and chat messages carry, `/app#/Spaces-1/…`, and the screen each of them means.
 * Such a link never dies: what has no screen of its own leads to the nearest one that has.
 */

type Screen = (found: RegExpMatchArray) => string;

const projects: ReadonlyArray<readonly [RegExp, Screen]> = [
  [/^projects\/[^/]+\/.*deployments\/(Deployments-\d+)/i, (m) => `deployments/${m[1]}`],
  [/^projects\/([^/]+)\/(?:deployments\/)?releases\/([^/]+)/i, (m) => `projects/${m[1]}/releases/${m[2]}`],
  [/^projects\/([^/]+)\/(?:deployments\/)?releases$/i, (m) => `projects/${m[1]}/releases`],
  [/^projects\/([^/]+)\/(?:deployments\/)?process/i, (m) => `projects/${m[1]}/process`],
  [/^projects\/([^/]+)\/variables\/library/i, (m) => `projects/${m[1]}/variables/sets`],
  [/^projects\/([^/]+)\/variables\/(all|preview)/i, (m) => `projects/${m[1]}/variables/${m[2]?.toLowerCase()}`],
  [/^projects\/([^/]+)\/variables\/(?:project|common)-?templates/i, (m) => `projects/${m[1]}/variables/templates`],
  [/^projects\/([^/]+)\/variables/i, (m) => `projects/${m[1]}/variables`],
  [/^projects\/([^/]+)\/deployments\/settings/i, (m) => `projects/${m[1]}/settings/deployments`],
  [/^projects\/([^/]+)\/settings/i, (m) => `projects/${m[1]}/settings`],
  [/^projects\/([^/]+)\/tenants/i, (m) => `projects/${m[1]}/tenants`],
  [/^projects\/([^/]+)\/(?:deployments\/)?channels\/edit\/([^/]+)/i, (m) => `projects/${m[1]}/channels/${m[2]}`],
  [/^projects\/([^/]+)\/(?:deployments\/)?channels/i, (m) => `projects/${m[1]}/channels`],
  [/^projects\/([^/]+)\/(?:operations\/|deployments\/)?triggers/i, (m) => `projects/${m[1]}/triggers`],
  [
    /^projects\/([^/]+)\/(?:operations\/)?runbooks\/([^/]+)\/(process|snapshots|runs|settings)/i,
    (m) => `projects/${m[1]}/runbooks/${m[2]}/${m[3]?.toLowerCase()}`,
  ],
  [/^projects\/([^/]+)\/(?:operations\/)?runbooks\/([^/]+)/i, (m) => `projects/${m[1]}/runbooks/${m[2]}`],
  [/^projects\/([^/]+)\/(?:operations\/)?runbooks/i, (m) => `projects/${m[1]}/runbooks`],
  [/^projects\/([^/]+)\/operations/i, (m) => `projects/${m[1]}/runbooks`],
  [/^projects\/([^/]+)/i, (m) => `projects/${m[1]}`],
  [/^projects$/i, () => "projects"],
];

const configuration: ReadonlyArray<readonly [RegExp, Screen]> = [
  [/^configuration\/subscriptions\/([^/]+)/i, (m) => `subscriptions/${m[1]}`],
  [/^configuration\/subscriptions/i, () => "subscriptions"],
  [/^configuration\/audit/i, () => "audit"],
  [/^configuration$/i, () => "audit"],
];

const infrastructure: ReadonlyArray<readonly [RegExp, Screen]> = [
  [/^infrastructure\/machines\/(Machines-\d+)/i, (m) => `infrastructure/targets/${m[1]}`],
  [/^infrastructure\/machines/i, () => "infrastructure/targets"],
  [/^infrastructure\/workers\/(Workers-\d+)/i, (m) => `infrastructure/workers/${m[1]}`],
  [/^infrastructure\/workers/i, () => "infrastructure/workers"],
  [/^infrastructure\/workerpools\/(WorkerPools-\d+)/i, (m) => `infrastructure/worker-pools/${m[1]}`],
  [/^infrastructure\/workerpools/i, () => "infrastructure/worker-pools"],
  [/^infrastructure\/machinepolicies\/(MachinePolicies-\d+)/i, (m) => `infrastructure/machine-policies/${m[1]}`],
  [/^infrastructure\/machinepolicies/i, () => "infrastructure/machine-policies"],
  [/^infrastructure\/accounts\/(?:edit\/)?([\w-]*-\d+)/i, (m) => `infrastructure/accounts/${m[1]}`],
  [/^infrastructure\/accounts/i, () => "infrastructure/accounts"],
  [/^infrastructure\/proxies\/(Proxies-\d+)/i, (m) => `infrastructure/proxies/${m[1]}`],
  [/^infrastructure\/proxies/i, () => "infrastructure/proxies"],
  [/^infrastructure\/environments\/(Environments-\d+)/i, (m) => `infrastructure/environments/${m[1]}`],
  [/^infrastructure\/environments/i, () => "infrastructure/environments"],
  [/^infrastructure/i, () => "infrastructure"],
  [/^library\/certificates\/(Certificates-\d+)/i, (m) => `infrastructure/certificates/${m[1]}`],
  [/^library\/certificates/i, () => "infrastructure/certificates"],
  [/^tasks\/console/i, () => "infrastructure/console"],
];

const screens: ReadonlyArray<readonly [RegExp, Screen]> = [
  ...projects,
  ...configuration,
  ...infrastructure,
  [/^deployments\/([^/]+)/i, (m) => `deployments/${m[1]}`],
  [/^releases\/([^/]+)/i, (m) => `releases/${m[1]}`],
  [/^tasks\/([^/]+)/i, (m) => `tasks/${m[1]}`],
  [/^tasks$/i, () => "tasks"],
  [/^tenants\/([^/]+)\/(variables|tasks|settings)/i, (m) => `tenants/${m[1]}/${m[2]?.toLowerCase()}`],
  [/^tenants\/([^/]+)/i, (m) => `tenants/${m[1]}`],
  [/^tenants$/i, () => "tenants"],
  [/^library\/variables?(?:ets)?\/([^/]+)/i, (m) => `library/variable-sets/${m[1]}`],
  [/^library\/variables?(?:ets)?$/i, () => "library/variable-sets"],
  [/^library\/scripts?\/([^/]+)/i, (m) => `library/script-modules/${m[1]}`],
  [/^library\/scripts?$/i, () => "library/script-modules"],
  [/^library\/feeds\/([^/]+)/i, (m) => `library/feeds/${m[1]}`],
  [/^library\/feeds$/i, () => "library/feeds"],
  [/^library\/tagsets\/([^/]+)/i, (m) => `library/tag-sets/${m[1]}`],
  [/^library\/tagsets$/i, () => "library/tag-sets"],
  [/^library\/build-?information\/([^/]+)/i, (m) => `library/builds/${m[1]}`],
  [/^library\/build-?information$/i, () => "library/builds"],
  [/^library\/git-?credentials/i, () => "library/git-credentials"],
  [/^library\/lifecycles\/([^/]+)/i, (m) => `library/lifecycles/${m[1]}`],
  [/^library\/lifecycles/i, () => "library/lifecycles"],
  [/^deploymentfreezes/i, () => "freezes"],
  [/^library\/(?:builtinrepository|packages)\/versions\/([^/]+)/i, (m) => `library/packages/${packageId(m[1] ?? "")}`],
  [/^library/i, () => "library/packages"],
];

const system: ReadonlyArray<readonly [RegExp, Screen]> = [
  [/^users\/(?:me|sign-?in)/i, () => "/app/profile"],
  [/^configuration\/users\/invitations/i, () => "/app/invitations"],
  [/^configuration\/(users|teams|roles|spaces)\/([^/]+)/i, (m) => `/app/${m[1]?.toLowerCase()}/${m[2]}`],
  [/^configuration\/(users|teams|roles|spaces|nodes|diagnostics)/i, (m) => `/app/${m[1]?.toLowerCase()}`],
  [/^configuration\/audit\/archived/i, () => "/app/audit/archives"],
  [/^configuration\/userroles/i, () => "/app/roles"],
  [/^configuration\/testpermissions/i, () => "/app/permissions"],
  [/^configuration\/settings\/([^/]+)/i, (m) => `/app/settings/${m[1]}`],
  [/^configuration\/(smtp|features|maintenance|letsencrypt|telemetry|performance)/i, (m) => `/app/settings/${m[1]}`],
  [/^configuration\/settings/i, () => "/app/settings"],
  [/^configuration\/(?:signing-?keys)/i, () => "/app/settings/signing-keys"],
  [/^configuration\/(?:rate-?limit)/i, () => "/app/settings/rate-limits"],
];

/** `packages-Hello.Web.1.0.0` names a package and its version; the screen is the package's. */
function packageId(identity: string): string {
  return identity.replace(/^packages-/i, "").replace(/\.\d+(?:\.[\w-]+)*(?:\+.*)?$/, "");
}

/** The path of the screen for the part of an address after `#`; null when that is no such link. */
export function screenOf(hash: string, defaultSpace: string): string | null {
  const link = hash.replace(/^#/, "");
  if (!link.startsWith("/")) return null;
  const [path = ""] = link.slice(1).split("?");
  const [first = "", ...others] = path.split("/").filter((part) => part !== "");
  const named = /^spaces-\d+$/i.test(first);
  const space = named ? `Spaces-${first.slice(7)}` : defaultSpace;
  const rest = (named ? others : [first, ...others]).join("/");
  for (const [pattern, screen] of system) {
    const found = rest.match(pattern);
    if (found) return screen(found);
  }
  for (const [pattern, screen] of screens) {
    const found = rest.match(pattern);
    if (found) return `/app/${space}/${screen(found)}`;
  }
  return `/app/${space}`;
}
