import { expect, test } from "vitest";
import { sectionIn } from "./sections";

test.each([
  ["/app/Spaces-1", "/app/Spaces-2"],
  ["/app/Spaces-1/projects", "/app/Spaces-2/projects"],
  ["/app/Spaces-1/projects/web/process", "/app/Spaces-2/projects"],
  ["/app/Spaces-1/deployments/Deployments-7", "/app/Spaces-2/tasks"],
  ["/app/Spaces-1/infrastructure/targets/Machines-3", "/app/Spaces-2/infrastructure/targets"],
  ["/app/Spaces-1/library/packages", "/app/Spaces-2/library/packages"],
  ["/app/Spaces-1/releases/Releases-1", "/app/Spaces-2/projects"],
  ["/app/users", "/app/Spaces-2"],
  ["/app/profile", "/app/Spaces-2"],
])("%s in another space is %s", (path, expected) => expect(sectionIn(path, "Spaces-2")).toBe(expected));
