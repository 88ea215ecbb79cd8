import { newVariable, type Variable } from "../model/variable";

/** A script module as its variables hold it: the script, and the language it is written in. */
export interface Module {
  script: string;
  syntax: string;
}

export const SYNTAXES = [
  { value: "PowerShell", label: "PowerShell" },
  { value: "Bash", label: "Bash" },
  { value: "Python", label: "Python" },
  { value: "CSharp", label: "C#" },
];

const BODY = "Octopus.Script.Module[";
const LANGUAGE = "Octopus.Script.Module.Language[";

export function moduleOf(variables: readonly Variable[]): Module {
  const script = variables.find((one) => one.Name.startsWith(BODY))?.Value ?? "";
  // Without a word on its language a module is one for PowerShell.
  return { script, syntax: variables.find((one) => one.Name.startsWith(LANGUAGE))?.Value ?? "PowerShell" };
}

/** The variables with the module in them, by the name of its set. */
export function withModule(variables: readonly Variable[], name: string, module: Module): Variable[] {
  const others = variables.filter((one) => !one.Name.startsWith(BODY) && !one.Name.startsWith(LANGUAGE));
  const again = (start: string, value: string) => {
    const there = variables.find((one) => one.Name.startsWith(start)) ?? newVariable();
    return { ...there, Name: `${start}${name}]`, Value: value };
  };
  return [...others, again(BODY, module.script), again(LANGUAGE, module.syntax)];
}

/** How a script calls upon the module, in its language; PowerShell has its functions at once. */
export function importOf(name: string, syntax: string): string | null {
  const file = name.replace(/[^A-Za-z0-9_]/g, "");
  if (syntax === "Bash") return `source ${file}.sh`;
  if (syntax === "Python") return `import ${file}`;
  if (syntax === "CSharp") return `#load "${file}.csx"`;
  return null;
}
