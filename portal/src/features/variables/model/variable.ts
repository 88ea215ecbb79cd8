import type { Shape } from "@/api/client";

export type Variable = Shape<"Variable">;
export type VariableType = Variable["Type"];
export type Scope = Shape<"VariableScope">;
export type ScopeValues = Shape<"VariableScopeValues">;
export type Prompt = Shape<"VariablePromptOptions">;

/** What is edited: the variables of one owner, and the version that the server told when they were read. */
export interface Edited {
  version: number;
  variables: Variable[];
}

export const TYPES: readonly { type: VariableType; word: string }[] = [
  { type: "String", word: "Text" },
  { type: "Sensitive", word: "Sensitive" },
  { type: "Certificate", word: "Certificate" },
  { type: "AmazonWebServicesAccount", word: "AWS account" },
  { type: "AzureAccount", word: "Azure account" },
  { type: "GoogleCloudAccount", word: "Google Cloud account" },
  { type: "UsernamePasswordAccount", word: "Username and password account" },
  { type: "GenericOidcAccount", word: "OpenID Connect account" },
  { type: "WorkerPool", word: "Worker pool" },
];

export function wordOfType(type: VariableType): string {
  return TYPES.find((one) => one.type === type)?.word ?? type;
}

/** The kind of thing whose id the value is; null for texts. */
export function kindOfValue(type: VariableType): "certificates" | "accounts" | "workerpools" | null {
  if (type === "Certificate") return "certificates";
  if (type === "WorkerPool") return "workerpools";
  return type === "String" || type === "Sensitive" ? null : "accounts";
}

export function isSecret(variable: Pick<Variable, "IsSensitive" | "Type">): boolean {
  return variable.IsSensitive || variable.Type === "Sensitive";
}

/** Whether the server holds a text for a secret; what it is, it tells nobody. */
export function isKeptByServer(variable: Variable): boolean {
  return isSecret(variable) && Boolean(variable.Secret?.HasValue);
}

export function isEmpty(variable: Variable): boolean {
  return !variable.Value && !isKeptByServer(variable);
}

const NEW = "new-";

/** Known here only: the server gives a new variable its id. */
export function isNewId(id: string): boolean {
  return id.startsWith(NEW);
}

let count = 0;

export function newVariable(given: Partial<Variable> = {}): Variable {
  count += 1;
  return {
    Name: "",
    Value: "",
    Description: null,
    Type: "String",
    IsSensitive: false,
    IsEditable: true,
    Prompt: null,
    Secret: null,
    ...given,
    Scope: given.Scope ?? emptyScope(),
    Id: `${NEW}${count}-${Math.random().toString(36).slice(2)}`,
  };
}

/** The same value once more, without what only the server knows of it. */
export function copyOf(variable: Variable): Variable {
  return newVariable({ ...variable, Secret: null });
}

export function emptyScope(): Scope {
  return {} as Scope;
}

/** The variable as another type. A secret's text goes nowhere else, and an id means nothing as another kind's. */
export function asType(variable: Variable, type: VariableType): Variable {
  if (variable.Type === type) return variable;
  const staysText = kindOfValue(variable.Type) === null && kindOfValue(type) === null && !isSecret(variable);
  return {
    ...variable,
    Type: type,
    IsSensitive: type === "Sensitive",
    Value: staysText ? variable.Value : "",
    Secret: type === "Sensitive" ? variable.Secret : null,
  };
}

/** Names are the same without regard to case. */
export function foldedName(name: string): string {
  return name.trim().toLowerCase();
}

/** For keeping a draft beyond a reload: texts of secrets stay in memory. */
export function withoutSecrets(edited: Edited): Edited {
  return {
    ...edited,
    variables: edited.variables.map((one) => (isSecret(one) && one.Value ? { ...one, Value: null } : one)),
  };
}

/** As it is sent: new ones without an id. A secret of which nothing is said stays as the server has it. */
export function toSend(variables: readonly Variable[]): Variable[] {
  return variables.map((one) => ({
    ...one,
    Id: isNewId(one.Id) ? "" : one.Id,
    Name: one.Name.trim(),
    IsSensitive: isSecret(one),
  }));
}
