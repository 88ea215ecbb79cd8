import { SegmentedControl } from "@mantine/core";
import { IconPlus, IconUpload } from "@tabler/icons-react";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { useList } from "@/lib/use-list";
import { AddTemplate } from "./add-template";
import { CommunityList } from "./community-list";
import { ImportTemplate } from "./import-template";
import { OwnTemplates } from "./own-templates";

/** Steps with parameters, saved to be used again: those of the space, and those of the community to be installed. */
export function TemplatesScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/step-templates" });
  const list = useList<"show">();
  const [opened, setOpened] = useState<"add" | "import" | null>(null);
  const showsCommunity = list.filters.show === "community";
  const need = { permission: "ActionTemplateCreate", space };
  const add = (
    <ActionButton leftSection={<IconPlus size={16} />} need={need} onClick={() => setOpened("add")}>
      Add a step template
    </ActionButton>
  );
  return (
    <Page
      title="Step templates"
      description="Steps with parameters, made once and used in many processes."
      actions={
        <>
          <ActionButton
            variant="default"
            leftSection={<IconUpload size={16} />}
            need={need}
            onClick={() => setOpened("import")}
          >
            Import
          </ActionButton>
          {add}
        </>
      }
    >
      <SegmentedControl
        mb="md"
        aria-label="Which step templates"
        data={[
          { value: "own", label: "In this space" },
          { value: "community", label: "Community" },
        ]}
        value={showsCommunity ? "community" : "own"}
        onChange={(show) => list.narrow({ show: show === "community" ? show : null, q: null })}
      />
      {showsCommunity ? (
        <CommunityList space={space} list={list} />
      ) : (
        <OwnTemplates space={space} list={list} add={add} />
      )}
      {opened === "add" && <AddTemplate space={space} onClose={() => setOpened(null)} />}
      {opened === "import" && <ImportTemplate space={space} onClose={() => setOpened(null)} />}
    </Page>
  );
}
