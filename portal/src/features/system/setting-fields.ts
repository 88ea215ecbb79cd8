import type { Metadata, Property, Values } from "./settings-api";

export type FieldKind = "switch" | "number" | "text" | "long text" | "lines" | "choice" | "secret" | "part";

export interface Field {
  name: string;
  kind: FieldKind;
  label: string;
  description: string;
  /** What can be chosen, as it is sent. */
  options: string[];
  /** The settings of a part of the section. */
  fields: Field[];
}

/** Texts that have several lines by their nature. */
const LONG = /Certificates$/;
const PLAIN: Record<string, FieldKind> = {
  bool: "switch",
  int: "number",
  string: "text",
  "string[]": "lines",
  SensitiveValue: "secret",
};

/** The settings that people change, in the order of the server; those that it does not act on are left out. */
export function fieldsOf({ Types }: Metadata, type = Types[0]): Field[] {
  return (type?.Properties ?? []).filter((one) => !one.DisplayInfo.ReadOnly).map((one) => fieldOf(one, Types));
}

function fieldOf(property: Property, types: Metadata["Types"]): Field {
  const { Name: name, Type, DisplayInfo: display } = property;
  const part = types.find((one) => one.Name === Type);
  const options = Object.keys(display.Options?.Values ?? {});
  const plain = LONG.test(name) ? "long text" : (PLAIN[Type] ?? "text");
  return {
    name,
    kind: part ? "part" : options.length > 0 ? "choice" : plain,
    label: display.Label || name,
    description: display.Description,
    options,
    fields: part ? fieldsOf({ Types: types }, part) : [],
  };
}

/** The value at the way to a setting. */
export function valueAt(values: Values, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, name) => (at as Values | undefined)?.[name], values);
}

/** The same values with another one at the end of the way. */
export function withValue(values: Values, path: readonly string[], value: unknown): Values {
  const [first, ...rest] = path;
  if (first === undefined) return values;
  if (rest.length === 0) return { ...values, [first]: value };
  return { ...values, [first]: withValue((values[first] ?? {}) as Values, rest, value) };
}
