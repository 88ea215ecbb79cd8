import type { Shape } from "@/api/client";
import type { ThingKind } from "@/api/things";

/** What a template asks for: a variable of each tenant, a setting of a step. */
export type Parameter = Shape<"ActionTemplateParameter">;
export type ParameterValue = Parameter["DefaultValue"];

export const CONTROL = "Octopus.ControlType";
export const OPTIONS = "Octopus.SelectOptions";

interface Control {
  type: string;
  word: string;
  /** The list that the value is an id of, and what narrows it. */
  kind?: ThingKind;
  filters?: Record<string, string>;
}

export const CONTROLS: readonly Control[] = [
  { type: "SingleLineText", word: "One line of text" },
  { type: "MultiLineText", word: "Several lines of text" },
  { type: "Select", word: "A choice of options" },
  { type: "Checkbox", word: "A box to tick" },
  { type: "Sensitive", word: "A secret" },
  { type: "Certificate", word: "Certificate", kind: "certificates" },
  { type: "WorkerPool", word: "Worker pool", kind: "workerpools" },
  {
    type: "AmazonWebServicesAccount",
    word: "AWS account",
    kind: "accounts",
    filters: { accountType: "AmazonWebServicesAccount" },
  },
  {
    type: "AzureAccount",
    word: "Azure account",
    kind: "accounts",
    filters: { accountType: "AzureServicePrincipal,AzureOIDC,AzureSubscription" },
  },
  {
    type: "GoogleCloudAccount",
    word: "Google Cloud account",
    kind: "accounts",
    filters: { accountType: "GoogleCloudAccount" },
  },
  {
    type: "UsernamePasswordAccount",
    word: "Username and password account",
    kind: "accounts",
    filters: { accountType: "UsernamePassword" },
  },
  {
    type: "GenericOidcAccount",
    word: "OpenID Connect account",
    kind: "accounts",
    filters: { accountType: "GenericOidcAccount" },
  },
];

const PLAIN = CONTROLS[0] as Control;

/** How a person is asked; what the portal does not know is asked for as a line of text. */
export function controlOf(parameter: Pick<Parameter, "DisplaySettings">): Control {
  const type = parameter.DisplaySettings[CONTROL];
  return CONTROLS.find((one) => one.type === type) ?? { ...PLAIN, word: type || PLAIN.word };
}

export function isSecretParameter(parameter: Pick<Parameter, "DisplaySettings">): boolean {
  return parameter.DisplaySettings[CONTROL] === "Sensitive";
}

/** Whether something is given: a text, or a secret that is kept or typed. */
export function isGiven(value: ParameterValue | undefined): boolean {
  if (value === null || value === undefined) return false;
  return typeof value === "string" ? value !== "" : value.HasValue || Boolean(value.NewValue);
}

/** A value in words, for lists: secrets are never told. */
export function wordsOf(value: ParameterValue | undefined): string {
  if (!isGiven(value)) return "";
  return typeof value === "string" ? value : "a secret";
}
