import {
  IconCode,
  IconHammer,
  IconKey,
  IconPackage,
  IconPuzzle,
  IconRss,
  IconSnowflake,
  IconTags,
  IconTimeline,
  IconVariable,
} from "@tabler/icons-react";
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
      word: "Freezes",
      icon: IconSnowflake,
      link: linkOptions({ to: "/app/$space/freezes", params }),
      permissions: ["DeploymentFreezeAdminister", "ProjectView"],
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
      word: "Step templates",
      icon: IconPuzzle,
      link: linkOptions({ to: "/app/$space/library/step-templates", params }),
      permissions: ["ActionTemplateView"],
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
    {
      word: "Variable sets",
      icon: IconVariable,
      link: linkOptions({ to: "/app/$space/library/variable-sets", params }),
      permissions: ["LibraryVariableSetView"],
    },
    {
      word: "Script modules",
      icon: IconCode,
      link: linkOptions({ to: "/app/$space/library/script-modules", params }),
      permissions: ["LibraryVariableSetView"],
    },
  ];
}
