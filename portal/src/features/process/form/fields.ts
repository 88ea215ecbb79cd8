import type { Properties } from "../model/document";
import { flagIn, listIn, textIn, withList, withText } from "../model/properties";
import { type Change, setProperties } from "./context";

interface Typed {
  currentTarget: { value: string };
}

/** The inputs of the properties of an action or a step, by their names. */
export interface Fields {
  value: (name: string) => string;
  set: (name: string, text: string | null) => void;
  text: (name: string) => { value: string; onChange: (event: Typed) => void };
  code: (name: string) => { value: string; onChange: (text: string) => void };
  /** For selects; `first` is what no value means. */
  choice: (name: string, first?: string) => { value: string; onChange: (value: string | null) => void };
  flag: (
    name: string,
    fallback?: boolean,
  ) => { checked: boolean; onChange: (event: { currentTarget: { checked: boolean } }) => void };
  list: (name: string) => { value: string[]; onChange: (list: string[]) => void };
}

export function fieldsOf<T extends { Properties: Properties }>(document: T, change: Change<T>): Fields {
  const { Properties } = document;
  const set = (name: string, text: string | null) => setProperties(change, (old) => withText(old, name, text), name);
  return {
    value: (name) => textIn(Properties, name),
    set,
    text: (name) => ({ value: textIn(Properties, name), onChange: (event) => set(name, event.currentTarget.value) }),
    code: (name) => ({ value: textIn(Properties, name), onChange: (text) => set(name, text) }),
    choice: (name, first = "") => ({
      value: textIn(Properties, name) || first,
      onChange: (value) => set(name, value),
    }),
    flag: (name, fallback = false) => ({
      checked: flagIn(Properties, name, fallback),
      onChange: (event) => set(name, event.currentTarget.checked ? "True" : "False"),
    }),
    list: (name) => ({
      value: listIn(Properties, name),
      onChange: (list) => setProperties(change, (old) => withList(old, name, list), name),
    }),
  };
}
