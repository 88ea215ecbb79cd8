import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { Fields } from "./fields";
import { useInsert } from "./insert-variable";

interface Props {
  fields: Fields;
  name: string;
  label: string;
  description?: ReactNode;
  placeholder?: string;
  error?: string;
}

/** A property in one line, which may name variables. */
export function TextField({ fields, name, ...rest }: Props) {
  const insert = useInsert(fields.value(name), (text) => fields.set(name, text));
  return <TextInput {...rest} {...fields.text(name)} rightSection={insert} />;
}
