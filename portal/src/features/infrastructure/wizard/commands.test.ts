import { describe, expect, it } from "vitest";
import { type AgentWish, linuxCommands, quoted, windowsCommands } from "./commands";

const WISH: AgentWish = {
  server: "https://deploy.example.com",
  thumbprint: "AB".repeat(20),
  comms: { host: "deploy.example.com", port: 10943 },
  space: null,
  name: "web-1",
  mode: "polling",
  publicHost: "",
  port: "10933",
  pools: [],
  environments: ["Test"],
  roles: ["web"],
  tenants: [],
  tenantTags: [],
  participation: "Untenanted",
  policy: null,
  apiKey: "API-1",
  asService: false,
};

const BASE = `export POLPO_API_KEY=API-1
polpo agent register \\
  --server https://deploy.example.com \\
  --name web-1 \\
  --environment Test \\
  --role web \\
  --mode polling
polpo agent run`;

const TABLE: [string, Partial<AgentWish>, string[]][] = [
  [
    "another port for agents",
    { comms: { host: "deploy.example.com", port: 8080 } },
    ["--server-comms deploy.example.com:8080"],
  ],
  ["a space and a policy", { space: "Team A", policy: "Careful" }, ["--space 'Team A'", "--policy Careful"]],
  [
    "a listening agent",
    { mode: "listening", publicHost: "web-1.example.com" },
    ["--mode listening", "--public-host web-1.example.com"],
  ],
  ["a port of its own", { mode: "listening", publicHost: "h", port: "10934" }, ["--listen 0.0.0.0:10934"]],
  ["a worker", { pools: ["Default Worker Pool"] }, ["--worker-pool 'Default Worker Pool'"]],
  [
    "tenants",
    { participation: "Tenanted", tenants: ["Acme's"], tenantTags: ["Region/North"] },
    [`--tenant 'Acme'"'"'s'`, "--tenant-tag Region/North", "--participation Tenanted"],
  ],
  [
    "a service",
    { asService: true },
    ["sudo --preserve-env=POLPO_API_KEY polpo agent register", "sudo polpo agent service --install --start"],
  ],
  ["no key yet", { apiKey: null }, ["POLPO_API_KEY=API-YOUR-KEY"]],
];

describe("commands for Linux", () => {
  it("say the least that is needed", () => expect(linuxCommands(WISH)).toBe(BASE));
  it.each(TABLE)("%s", (_name, change, words) => {
    const commands = linuxCommands({ ...WISH, ...change });
    for (const word of words) expect(commands).toContain(word);
  });
  it("name no environment for a worker", () => {
    expect(linuxCommands({ ...WISH, pools: ["P"] })).not.toContain("--environment");
  });
});

describe("commands for Windows", () => {
  it("let a listening agent trust the server, and open the port", () => {
    const commands = windowsCommands({ ...WISH, mode: "listening", publicHost: "win-1" });
    expect(commands).toContain(`--trust '${"AB".repeat(20)}'`);
    expect(commands).toContain("-LocalPort 10933");
    expect(commands).toContain("--publicHostName 'win-1'");
  });
  it("tell a polling agent where to come in", () => {
    const commands = windowsCommands(WISH);
    expect(commands).toContain("--noListen 'True'");
    expect(commands).toContain("--comms-style 'TentacleActive'");
    expect(commands).toContain("--server-comms-port '10943'");
  });
  it("register a worker in its pool", () => {
    const commands = windowsCommands({ ...WISH, pools: ["It's"] });
    expect(commands).toContain("tentacle register-worker");
    expect(commands).toContain("--workerpool 'It''s'");
  });
});

it.each([
  ["plain-1", "plain-1"],
  ["two words", "'two words'"],
  ["$(reboot)", "'$(reboot)'"],
  ["", "''"],
])("quotes %s", (text, shown) => expect(quoted(text)).toBe(shown));
