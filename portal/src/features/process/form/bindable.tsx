import { ActionIcon, Group, TextInput, Tooltip } from "@mantine/core";
import { IconListDetails, IconVariable } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { isBound } from "../model/properties";
import { InsertVariable } from "./insert-variable";

interface Props {
  label: string;
  description?: ReactNode;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  error?: string;
  readOnly?: boolean;
  /** The value is the bare name of a variable, without `#{}` around it. */
  isName?: boolean;
  /** The select or switch that stands there while the value is no expression. */
  children: ReactNode;
}

/** A field that is chosen, or written as an expression such as `#{Pool}`; a button beside it changes between the two. */
export function Bindable({
  label,
  description,
  value,
  onChange,
  placeholder,
  error,
  readOnly,
  isName,
  children,
}: Props) {
  const [wishes, setWishes] = useState(false);
  const isText = isBound(value) || wishes || (isName === true && value !== "");
  const toggle = () => {
    if (isText) onChange("");
    setWishes(!isText);
  };
  const insert = (text: string) => onChange(isName ? text.slice(2, -1) : value + text);
  const word = isText ? `${label}: choose from a list` : `${label}: write an expression`;
  return (
    <Group gap={6} wrap="nowrap" align="flex-end">
      <div style={{ flex: 1, minWidth: 0 }}>
        {isText ? (
          <TextInput
            label={label}
            description={description}
            placeholder={placeholder ?? (isName ? "The name of a variable" : "#{Name}")}
            value={value}
            onChange={(event) => onChange(event.currentTarget.value)}
            error={error}
            rightSection={<InsertVariable onInsert={insert} />}
          />
        ) : (
          children
        )}
      </div>
      {!readOnly && (
        <Tooltip label={isText ? "Choose from a list" : "Write an expression instead"}>
          <ActionIcon size={34} aria-label={word} onClick={toggle}>
            {isText ? <IconListDetails size={17} /> : <IconVariable size={17} />}
          </ActionIcon>
        </Tooltip>
      )}
    </Group>
  );
}
