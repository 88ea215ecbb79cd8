import { Anchor } from "@mantine/core";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Ago } from "@/components/time";
import type { BuildInformation } from "./api";

interface Props {
  space: string;
  of: BuildInformation;
  /** With a link to all that the build told. */
  isLinked?: boolean;
}

/** Where a version of a package comes from. */
export function BuildFacts({ space, of, isLinked }: Props) {
  const commit = of.VcsCommitNumber.slice(0, 12);
  return (
    <Facts
      facts={[
        ["Build", <Outside key="build" to={of.BuildUrl} text={of.BuildNumber || of.BuildUrl} />],
        ["Built by", of.BuildEnvironment],
        ["Branch", of.Branch],
        ["Commit", commit && <Outside key="commit" to={of.VcsCommitUrl} text={commit} />],
        ["Repository", <Outside key="root" to={of.VcsRoot} text={of.VcsRoot} />],
        ["Told", of.Created && <Ago key="told" at={of.Created} />],
        [
          "Commits",
          isLinked && (
            <TextLink key="all" to="/app/$space/library/builds/$build" params={{ space, build: of.Id }}>
              {of.Commits.length === 1 ? "1 commit" : `${of.Commits.length} commits`},{" "}
              {of.WorkItems.length === 1 ? "1 work item" : `${of.WorkItems.length} work items`}
            </TextLink>
          ),
        ],
      ]}
    />
  );
}

/** What a build told as an address is a link only where it leads to the web. */
export function Outside({ to, text }: { to: string | null; text: string }) {
  if (!text) return null;
  if (!to || !/^https?:\/\//i.test(to)) return text;
  return (
    <Anchor href={to} target="_blank" rel="noreferrer noopener" size="sm">
      {text}
    </Anchor>
  );
}
