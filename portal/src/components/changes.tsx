import { Anchor, Stack, Text } from "@mantine/core";
import type { Shape } from "@/api/client";
import classes from "./changes.module.css";
import { Prose } from "./markdown";

type Commit = Shape<"CommitDetail">;
type WorkItem = Shape<"WorkItemLink">;
type Build = Shape<"ReleasePackageVersionBuildInformation">;

/** What somebody brings: what was written about it, what was committed, what that resolves. */
export function Changes({ changes }: { changes: readonly Shape<"ReleaseChanges">[] }) {
  return (
    <ol className={classes.releases}>
      {changes.map((one) => (
        <li key={one.Version} className={classes.release}>
          <Text fw={600} className="numbers">
            {one.Version}
          </Text>
          {one.ReleaseNotes && <Prose text={one.ReleaseNotes} />}
          <WorkItems items={one.WorkItems} />
          <Commits commits={one.Commits} />
          {!one.ReleaseNotes && one.Commits.length === 0 && one.WorkItems.length === 0 && (
            <Text size="sm" c="dimmed">
              Neither notes nor commits are known of it.
            </Text>
          )}
        </li>
      ))}
    </ol>
  );
}

export function Commits({ commits }: { commits: readonly Commit[] }) {
  if (commits.length === 0) return null;
  return (
    <div>
      <Text size="xs" c="dimmed" mb={2}>
        {commits.length === 1 ? "1 commit" : `${commits.length} commits`}
      </Text>
      <ul className={classes.lines}>
        {commits.map((one) => (
          <li key={one.Id} className={classes.line}>
            <code className={classes.id}>
              <Linked href={one.LinkUrl}>{one.Id.slice(0, 8)}</Linked>
            </code>
            <span>{one.Comment.split("\n")[0]}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function WorkItems({ items }: { items: readonly WorkItem[] }) {
  if (items.length === 0) return null;
  return (
    <div>
      <Text size="xs" c="dimmed" mb={2}>
        {items.length === 1 ? "1 work item" : `${items.length} work items`}
      </Text>
      <ul className={classes.lines}>
        {items.map((one) => (
          <li key={`${one.Source}/${one.Id}`} className={classes.line}>
            <span className={classes.id}>
              <Linked href={one.LinkUrl}>{one.Id}</Linked>
            </span>
            <span>{one.Description !== one.Id && one.Description}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** How a package was built: the build, its branch and commit, and what is in it. */
export function BuildFacts({ build }: { build: Build }) {
  return (
    <Stack gap={6}>
      <Text size="sm">
        {build.BuildEnvironment} <Linked href={build.BuildUrl}>{build.BuildNumber || "build"}</Linked>
        {build.Branch && ` · branch ${build.Branch}`}
        {build.VcsCommitNumber && (
          <>
            {" · "}
            <Linked href={build.VcsCommitUrl}>{build.VcsCommitNumber.slice(0, 8)}</Linked>
          </>
        )}
      </Text>
      <WorkItems items={build.WorkItems} />
      <Commits commits={build.Commits} />
    </Stack>
  );
}

function Linked({ href, children }: { href: string | null; children: string }) {
  if (!href || !/^https?:/i.test(href)) return children;
  return (
    <Anchor href={href} target="_blank" rel="noreferrer noopener" inherit>
      {children}
    </Anchor>
  );
}
