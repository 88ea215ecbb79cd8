import { IconHammer, IconKey, IconPackage, IconRss, IconTags, IconTimeline } from "@tabler/icons-react";
import { linkOptions } from "@tanstack/react-router";
import type { Entry } from "./entry";

export function libraryEntries(space: string): Entry[] {
  const params = { space };
  return [
    {
      word: "Lifecycles",
      icon: IconTimeline,
      link: linkOptions({ to: "/app/$space/library/lifecycles", params }),
      permissions: ["LifecycleView"],
    },
    {
      word: "Packages",
      icon: IconPackage,
      link: linkOptions({ to: "/app/$space/library/packages", params }),
      permissions: ["FeedView", "BuiltInFeedPush", "BuiltInFeedAdminister"],
    },
    {
      word: "Build information",
      icon: IconHammer,
      link: linkOptions({ to: "/app/$space/library/builds", params }),
      permissions: ["FeedView"],
    },
    {
      word: "Feeds",
      icon: IconRss,
      link: linkOptions({ to: "/app/$space/library/feeds", params }),
      permissions: ["FeedView"],
    },
    {
      word: "Git credentials",
      icon: IconKey,
      link: linkOptions({ to: "/app/$space/library/git-credentials", params }),
      permissions: ["GitCredentialView"],
    },
    {
      word: "Tag sets",
      icon: IconTags,
      link: linkOptions({ to: "/app/$space/library/tag-sets", params }),
      permissions: ["TagSetCreate", "TagSetEdit", "TagSetDelete", "TenantView"],
    },
  ];
}
