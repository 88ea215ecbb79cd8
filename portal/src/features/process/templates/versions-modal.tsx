import { Modal, Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { CodeEditor } from "@/components/code/code-editor";
import { Loaded } from "@/components/loaded";
import type { Template } from "../api";
import { templateVersionQuery } from "../api-templates";
import { exported } from "./exchange";

interface Props {
  space: string;
  template: Template;
  onClose: () => void;
}

/** The template as it was at any of its versions, to read and to copy. */
export function VersionsModal({ space, template, onClose }: Props) {
  const [version, setVersion] = useState(String(template.Version));
  const found = useQuery(templateVersionQuery(space, template.Id, version));
  const versions = Array.from({ length: template.Version + 1 }, (_, index) => String(template.Version - index));
  return (
    <Modal opened onClose={onClose} size={860} title={<Text fw={600}>Versions of {template.Name}</Text>}>
      <Select
        label="Version"
        data={versions}
        value={version}
        allowDeselect={false}
        searchable
        onChange={(next) => next && setVersion(next)}
        w={160}
        mb="md"
      />
      <Loaded query={found} what="This version">
        {(one) => (
          <CodeEditor
            key={version}
            label={`Version ${version}`}
            language="json"
            readOnly
            value={exported(one, one.LastModifiedOn ?? "")}
            maxHeight={460}
          />
        )}
      </Loaded>
    </Modal>
  );
}
