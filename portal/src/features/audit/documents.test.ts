import { expect, test } from "vitest";
import { screenOfDocument } from "./documents";

test.each([
  ["Projects-3", "/app/Spaces-2/projects/Projects-3"],
  ["variableset-Projects-3", "/app/Spaces-2/projects/Projects-3/variables"],
  ["Deployments-7", "/app/Spaces-2/deployments/Deployments-7"],
  ["ServerTasks-7", "/app/Spaces-2/tasks/ServerTasks-7"],
  ["Machines-1", "/app/Spaces-2/infrastructure/targets/Machines-1"],
  ["Users-4", "/app/users/Users-4"],
  ["teams-spacemanagers-Spaces-2", "/app/teams/teams-spacemanagers-Spaces-2"],
  ["userroles-projectlead", "/app/roles/userroles-projectlead"],
  ["configuration-smtp", "/app/settings/smtp"],
  ["Artifacts-1", null],
])("%s is shown at %s", (id, screen) => {
  expect(screenOfDocument(id, "Spaces-2")).toBe(screen);
});
