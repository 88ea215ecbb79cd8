/** The commands that put an agent on a machine and make it known here; they work as they stand. */

export interface AgentWish {
  /** The web address of this server. */
  server: string;
  thumbprint: string;
  /** Host and port where polling agents come in. */
  comms: { host: string; port: number };
  /** Null for the default space. */
  space: string | null;
  name: string;
  mode: "listening" | "polling";
  /** How this server finds a listening agent. */
  publicHost: string;
  port: string;
  /** A worker when there are pools, else a target. */
  pools: readonly string[];
  environments: readonly string[];
  roles: readonly string[];
  tenants: readonly string[];
  tenantTags: readonly string[];
  participation: string;
  /** Null for the default policy. */
  policy: string | null;
  /** Null: the user puts in one of theirs. */
  apiKey: string | null;
  asService: boolean;
}

export const USUAL_PORT = "10933";
export const USUAL_COMMS_PORT = 10943;
const NO_KEY = "API-YOUR-KEY";

type Option = readonly [name: string, value: string];

/** Polpo's own agent, on Linux. */
export function linuxCommands(wish: AgentWish): string {
  const sudo = wish.asService ? "sudo --preserve-env=POLPO_API_KEY " : "";
  const options: Option[] = [
    ["server", wish.server],
    ...spaceOf(wish),
    ["name", wish.name],
    ...placesOf(wish, { environment: "environment", role: "role", pool: "worker-pool", tag: "tenant-tag" }),
    ...(wish.policy ? [["policy", wish.policy] as const] : []),
    ["mode", wish.mode],
    ...(wish.mode === "polling" ? commsOf(wish) : listeningOf(wish)),
  ];
  const written = options.map(([name, value]) => `  --${name} ${quoted(value)}`);
  return [
    `export POLPO_API_KEY=${wish.apiKey ?? NO_KEY}`,
    `${sudo}polpo agent register \\`,
    written.join(" \\\n"),
    wish.asService ? "sudo polpo agent service --install --start" : "polpo agent run",
  ].join("\n");
}

function spaceOf({ space }: AgentWish): Option[] {
  return space === null ? [] : [["space", space]];
}

interface Words {
  environment: string;
  role: string;
  pool: string;
  tag: string;
}

function placesOf(wish: AgentWish, words: Words): Option[] {
  if (wish.pools.length > 0) return wish.pools.map((pool) => [words.pool, pool] as const);
  const takesPart = wish.participation !== "Untenanted";
  return [
    ...wish.environments.map((one) => [words.environment, one] as const),
    ...wish.roles.map((one) => [words.role, one] as const),
    ...(takesPart ? wish.tenants.map((one) => ["tenant", one] as const) : []),
    ...(takesPart ? wish.tenantTags.map((one) => [words.tag, one] as const) : []),
    ...(takesPart ? [["participation", wish.participation] as const] : []),
  ];
}

function commsOf({ comms, server }: AgentWish): Option[] {
  const isUsual = comms.port === USUAL_COMMS_PORT && comms.host === new URL(server).hostname;
  return isUsual ? [] : [["server-comms", `${comms.host}:${comms.port}`]];
}

function listeningOf({ publicHost, port }: AgentWish): Option[] {
  const listen: Option[] = port === USUAL_PORT ? [] : [["listen", `0.0.0.0:${port}`]];
  return [...listen, ["public-host", publicHost]];
}

/** The original's Tentacle, on Windows; in PowerShell as an administrator, after its installer. */
export function windowsCommands(wish: AgentWish): string {
  const instance = "--instance 'Tentacle'";
  const isPolling = wish.mode === "polling";
  const configure = isPolling ? "--noListen 'True'" : `--port '${wish.port}' --noListen 'False'`;
  const register: Option[] = [
    ["server", wish.server],
    ...spaceOf(wish),
    ["name", wish.name],
    ...placesOf(wish, { environment: "environment", role: "role", pool: "workerpool", tag: "tenanttag" }).map(
      ([name, value]) => [name === "participation" ? "tenanted-deployment-participation" : name, value] as const,
    ),
    ...(wish.policy ? [["policy", wish.policy] as const] : []),
    ["comms-style", isPolling ? "TentacleActive" : "TentaclePassive"],
    ...(isPolling
      ? [["server-comms-port", String(wish.comms.port)] as const]
      : [["publicHostName", wish.publicHost] as const]),
  ];
  const verb = wish.pools.length > 0 ? "register-worker" : "register-with";
  const written = register.map(([name, value]) => `  --${name} ${psQuoted(value)}`);
  return [
    `$key = '${wish.apiKey ?? NO_KEY}'`,
    "Set-Alias tentacle 'C:\\Program Files\\Octopus Deploy\\Tentacle\\Tentacle.exe'",
    `tentacle create-instance ${instance} --config 'C:\\Octopus\\Tentacle.config'`,
    `tentacle new-certificate ${instance} --if-blank`,
    `tentacle configure ${instance} --reset-trust --app 'C:\\Octopus\\Applications' ${configure}`,
    ...(isPolling ? [] : [`tentacle configure ${instance} --trust '${wish.thumbprint}'`]),
    ...(isPolling
      ? []
      : [
          `New-NetFirewallRule -DisplayName 'Tentacle' -Direction Inbound -Protocol TCP -LocalPort ${wish.port} -Action Allow`,
        ]),
    `tentacle ${verb} ${instance} --apiKey $key \``,
    written.join(" `\n"),
    `tentacle service ${instance} --install --start`,
  ].join("\n");
}

const PLAIN = /^[A-Za-z0-9_./:@%+=,-]+$/;

/** As one word of a shell. */
export function quoted(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`;
}

function psQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
