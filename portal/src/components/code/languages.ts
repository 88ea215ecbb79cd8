import type { Extension } from "@codemirror/state";

/** What a text may be written in; each is loaded when it is first shown. */
export type Language =
  | "bash"
  | "powershell"
  | "csharp"
  | "fsharp"
  | "python"
  | "json"
  | "yaml"
  | "xml"
  | "markdown"
  | "text";

export async function grammarOf(language: Language): Promise<Extension> {
  switch (language) {
    case "python":
      return (await import("@codemirror/lang-python")).python();
    case "json":
      return (await import("@codemirror/lang-json")).json();
    case "yaml":
      return (await import("@codemirror/lang-yaml")).yaml();
    case "markdown":
      return (await import("@codemirror/lang-markdown")).markdown();
    case "text":
      return [];
    default:
      return legacy(language);
  }
}

async function legacy(language: "bash" | "powershell" | "csharp" | "fsharp" | "xml"): Promise<Extension> {
  const { StreamLanguage } = await import("@codemirror/language");
  switch (language) {
    case "bash":
      return StreamLanguage.define((await import("@codemirror/legacy-modes/mode/shell")).shell);
    case "powershell":
      return StreamLanguage.define((await import("@codemirror/legacy-modes/mode/powershell")).powerShell);
    case "csharp":
      return StreamLanguage.define((await import("@codemirror/legacy-modes/mode/clike")).csharp);
    case "fsharp":
      return StreamLanguage.define((await import("@codemirror/legacy-modes/mode/mllike")).fSharp);
    case "xml":
      return StreamLanguage.define((await import("@codemirror/legacy-modes/mode/xml")).xml);
  }
}

/** The language of a script by the syntax that the API names. */
export function languageOfSyntax(syntax: string | null | undefined): Language {
  const known: Record<string, Language> = {
    bash: "bash",
    powershell: "powershell",
    csharp: "csharp",
    fsharp: "fsharp",
    python: "python",
  };
  return known[(syntax ?? "").toLowerCase()] ?? "text";
}
