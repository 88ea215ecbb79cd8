import { Input, Skeleton } from "@mantine/core";
import { lazy, type ReactNode, Suspense } from "react";
import type { Language } from "./languages";
import type { KnownVariable } from "./variables";

const Editor = lazy(() => import("./editor"));

export interface CodeProps {
  value: string;
  onChange?: (value: string) => void;
  /** What the text is, for screen readers; `CodeField` shows it too. */
  label?: string;
  language?: Language;
  readOnly?: boolean;
  /** Offered within `#{` and where a script asks for a variable by name. */
  variables?: readonly KnownVariable[];
  placeholder?: string;
  error?: string;
  /** In pixels. */
  minHeight?: number;
  maxHeight?: number;
}

/** Scripts, templates and other long texts: highlighted, with variables offered while one types. */
export function CodeEditor(props: CodeProps) {
  return (
    <Suspense
      fallback={
        <Skeleton height={props.minHeight ?? 160} radius={8} role="status" aria-label={`${props.label}: loading`} />
      }
    >
      <Editor {...props} />
    </Suspense>
  );
}

/** The editor as a field of a form. */
export function CodeField({ description, ...props }: CodeProps & { label: string; description?: ReactNode }) {
  return (
    <Input.Wrapper label={props.label} description={description} error={props.error} labelElement="div">
      <CodeEditor {...props} />
    </Input.Wrapper>
  );
}
