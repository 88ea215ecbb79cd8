import { useRef, useState } from "react";
import { faultsOf } from "./faults";
import { isSame } from "./same";

interface Typed {
  currentTarget: { value: string };
}

export interface Form<T> {
  value: T;
  set: (patch: Partial<T>) => void;
  isChanged: boolean;
  /** Takes what was saved: from now on that is unchanged. */
  accept: (saved: T) => void;
  error: unknown;
  /** For inputs of text: value, change and the API's fault of that field. */
  field: (name: keyof T & string) => { value: string; onChange: (event: Typed) => void; error: string | undefined };
  /** For selects, pickers and number inputs, which give their value as it is. */
  pick: <Name extends keyof T & string>(
    name: Name,
  ) => { value: T[Name]; onChange: (value: T[Name]) => void; error: string | undefined };
  /** For checkboxes and switches. */
  check: (name: keyof T & string) => {
    checked: boolean;
    onChange: (event: { currentTarget: { checked: boolean } }) => void;
    error: string | undefined;
  };
  /** The API's sentence for a field, which is thereby shown at it and not above the form. */
  fault: (name: string) => string | undefined;
  /** The fields whose faults are shown at them. */
  claimed: ReadonlySet<string>;
  /** What stands before the names of these fields in the API's faults: nothing, but for a part of a document. */
  prefix: string;
}

/** A form as far as its fields need it: one of a document fits fields that show a part of it. */
export type Fields<T> = Omit<Form<T>, "accept">;

/** The state of a form. `error` is what the last attempt to save was answered; its faults are shown at their fields. */
export function useForm<T extends object>(initial: T, error: unknown): Form<T> {
  const [value, setValue] = useState(initial);
  const first = useRef(initial);
  const claimed = useRef(new Set<string>());
  const set = (patch: Partial<T>) => setValue((old) => ({ ...old, ...patch }));
  const accept = (saved: T) => {
    first.current = saved;
    setValue(saved);
  };
  return formOf({ value, set, isChanged: !isSame(value, first.current), accept, error, claimed: claimed.current });
}

interface Parts<T> {
  value: T;
  set: (patch: Partial<T>) => void;
  isChanged: boolean;
  error: unknown;
  claimed: Set<string>;
  accept?: (saved: T) => void;
  /** What the API's faults have before the names of these fields: `Endpoint.`. */
  prefix?: string;
}

/** A form around a value that is kept elsewhere, such as in a draft. */
export function formOf<T extends object>(parts: Parts<T>): Form<T> {
  const { value, set, isChanged, error, claimed, accept = set, prefix = "" } = parts;
  const faults = faultsOf(error);
  const fault = (name: string) => {
    claimed.add(prefix + name);
    return faults.find((one) => one.field === prefix + name)?.sentence;
  };
  return {
    value,
    set,
    isChanged,
    accept,
    error,
    field: (name) => ({
      value: (value[name] ?? "") as string,
      onChange: (event) => set({ [name]: event.currentTarget.value } as Partial<T>),
      error: fault(name),
    }),
    pick: (name) => ({
      value: value[name],
      onChange: (next) => set({ [name]: next } as unknown as Partial<T>),
      error: fault(name),
    }),
    check: (name) => ({
      checked: Boolean(value[name]),
      onChange: (event) => set({ [name]: event.currentTarget.checked } as Partial<T>),
      error: fault(name),
    }),
    fault,
    claimed,
    prefix,
  };
}

/** A part of a document as a form of its own. `prefix` is what the API's faults have before the names of its fields. */
export function partOf<T extends object, Name extends keyof T & string>(
  form: Fields<T>,
  name: Name,
  prefix = `${name}.`,
): Form<NonNullable<T[Name]> & object> {
  type Part = NonNullable<T[Name]> & object;
  const value = (form.value[name] ?? {}) as Part;
  return formOf<Part>({
    value,
    set: (patch) => form.set({ [name]: { ...value, ...patch } } as unknown as Partial<T>),
    isChanged: form.isChanged,
    error: form.error,
    claimed: form.claimed as Set<string>,
    prefix: form.prefix + prefix,
  });
}
