import { describe, expect, it } from "vitest";
import { screenOf } from "./deeplinks";

describe("a link of the form clients carry", () => {
  it.each([
    ["#/Spaces-1", "/app/Spaces-1"],
    ["#/Spaces-2/tasks/ServerTasks-12", "/app/Spaces-2/tasks/ServerTasks-12"],
    ["#/tasks/ServerTasks-12", "/app/Spaces-1/tasks/ServerTasks-12"],
    ["#/Spaces-1/tasks?states=Failed", "/app/Spaces-1/tasks"],
    [
      "#/Spaces-1/projects/web/deployments/releases/1.0.0/deployments/Deployments-3",
      "/app/Spaces-1/deployments/Deployments-3",
    ],
    ["#/Spaces-1/projects/web/deployments/releases/1.0.0", "/app/Spaces-1/projects/web/releases/1.0.0"],
    ["#/Spaces-1/projects/web/releases/1.0.0-beta.2", "/app/Spaces-1/projects/web/releases/1.0.0-beta.2"],
    ["#/Spaces-1/projects/web/deployments/process/steps", "/app/Spaces-1/projects/web/process"],
    ["#/Spaces-1/projects/Projects-7/overview", "/app/Spaces-1/projects/Projects-7"],
    ["#/Spaces-1/projects/web/settings", "/app/Spaces-1/projects/web/settings"],
    ["#/Spaces-1/projects/web/deployments/settings", "/app/Spaces-1/projects/web/settings/deployments"],
    ["#/Spaces-1/projects/web/tenants", "/app/Spaces-1/projects/web/tenants"],
    ["#/Spaces-1/projects/web/variables", "/app/Spaces-1/projects/web/variables"],
    ["#/Spaces-1/projects/web/variables/library", "/app/Spaces-1/projects/web/variables/sets"],
    ["#/Spaces-1/projects/web/variables/preview", "/app/Spaces-1/projects/web/variables/preview"],
    ["#/Spaces-1/library/variables/LibraryVariableSets-2", "/app/Spaces-1/library/variable-sets/LibraryVariableSets-2"],
    ["#/Spaces-1/tenants/Tenants-3", "/app/Spaces-1/tenants/Tenants-3"],
    ["#/Spaces-1/tenants/Tenants-3/variables/common", "/app/Spaces-1/tenants/Tenants-3/variables"],
    ["#/Spaces-1/projects/web/tenants", "/app/Spaces-1/projects/web/tenants"],
    ["#/Spaces-1/library/feeds/Feeds-2", "/app/Spaces-1/library/feeds/Feeds-2"],
    ["#/Spaces-1/library/tagsets", "/app/Spaces-1/library/tag-sets"],
    ["#/Spaces-1/library/buildinformation/BuildInformation-4", "/app/Spaces-1/library/builds/BuildInformation-4"],
    ["#/Spaces-1/library/scripts", "/app/Spaces-1/library/script-modules"],
    ["#/Spaces-1/projects/web/deployments/channels/edit/Channels-2", "/app/Spaces-1/projects/web/channels/Channels-2"],
    ["#/Spaces-1/projects/web/operations/runbooks", "/app/Spaces-1/projects/web/runbooks"],
    [
      "#/Spaces-1/projects/web/operations/runbooks/Runbooks-4/process/RunbookProcess-Runbooks-4",
      "/app/Spaces-1/projects/web/runbooks/Runbooks-4/process",
    ],
    ["#/Spaces-1/projects/web/runbooks/Runbooks-4/overview", "/app/Spaces-1/projects/web/runbooks/Runbooks-4"],
    ["#/Spaces-1/projects/web/operations/triggers", "/app/Spaces-1/projects/web/triggers"],
    ["#/Spaces-1/library/lifecycles/Lifecycles-1", "/app/Spaces-1/library/lifecycles/Lifecycles-1"],
    ["#/Spaces-1/deploymentfreezes", "/app/Spaces-1/freezes"],
    ["#/deployments/Deployments-3", "/app/Spaces-1/deployments/Deployments-3"],
    ["#/releases/Releases-8", "/app/Spaces-1/releases/Releases-8"],
    ["#/Spaces-1/infrastructure/machines/Machines-4/settings", "/app/Spaces-1/infrastructure/targets/Machines-4"],
    ["#/Spaces-1/infrastructure/overview", "/app/Spaces-1/infrastructure"],
    [
      "#/Spaces-1/infrastructure/environments/Environments-1",
      "/app/Spaces-1/infrastructure/environments/Environments-1",
    ],
    ["#/Spaces-1/infrastructure/workers/Workers-2/settings", "/app/Spaces-1/infrastructure/workers/Workers-2"],
    ["#/Spaces-1/infrastructure/workerpools", "/app/Spaces-1/infrastructure/worker-pools"],
    [
      "#/Spaces-1/infrastructure/machinepolicies/MachinePolicies-1",
      "/app/Spaces-1/infrastructure/machine-policies/MachinePolicies-1",
    ],
    ["#/Spaces-1/infrastructure/accounts/edit/Accounts-5", "/app/Spaces-1/infrastructure/accounts/Accounts-5"],
    ["#/Spaces-1/library/certificates/Certificates-3", "/app/Spaces-1/infrastructure/certificates/Certificates-3"],
    ["#/Spaces-1/tasks/console", "/app/Spaces-1/infrastructure/console"],
    [
      "#/Spaces-1/library/builtinrepository/versions/packages-Hello.Web.1.0.0",
      "/app/Spaces-1/library/packages/Hello.Web",
    ],
    ["#/users/me/apiKeys", "/app/profile"],
    ["#/configuration/users/Users-4", "/app/users/Users-4"],
    ["#/configuration/users", "/app/users"],
    ["#/Spaces-2/configuration/teams/Teams-3", "/app/teams/Teams-3"],
    ["#/configuration/roles/userroles-projectlead", "/app/roles/userroles-projectlead"],
    ["#/configuration/testpermissions", "/app/permissions"],
    ["#/Spaces-2/configuration/audit", "/app/Spaces-2/audit"],
    ["#/configuration/audit?regardingAny=Projects-1", "/app/Spaces-1/audit"],
    ["#/configuration/audit/archived", "/app/audit/archives"],
    ["#/configuration/settings/authentication-ldap", "/app/settings/authentication-ldap"],
    ["#/configuration/smtp", "/app/settings/smtp"],
    ["#/configuration/nodes", "/app/nodes"],
    ["#/Spaces-2/configuration/subscriptions/Subscriptions-1", "/app/Spaces-2/subscriptions/Subscriptions-1"],
    ["#/configuration", "/app/Spaces-1/audit"],
    ["#/Spaces-1/somewhere/new", "/app/Spaces-1"],
  ])("leads %s to %s", (link, screen) => {
    expect(screenOf(link, "Spaces-1")).toBe(screen);
  });

  it("is told from an anchor on a page", () => {
    expect(screenOf("#notes", "Spaces-1")).toBeNull();
    expect(screenOf("", "Spaces-1")).toBeNull();
  });
});
