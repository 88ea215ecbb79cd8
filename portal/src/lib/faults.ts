import { ApiError } from "@/api/errors";

export interface Fault {
  /** The field that the API names, as in `Endpoint.Host`; null where the fault belongs to none. */
  field: string | null;
  sentence: string;
}

const PATH = String.raw`[A-Z][A-Za-z0-9]*(?:\[\d+\])?(?:\.[A-Za-z0-9]+(?:\[\d+\])?)*`;
const FIELD = new RegExp(`^(${PATH}): (.+)$`, "s");
/** The API also begins with the field as the subject: `Filter.StartTime is missing; say when.` */
const SUBJECT = new RegExp(`^(${PATH}) ((?:is missing|is empty|must|names)\\b.+)$`, "s");
const PLAIN_WORDS = new Set(["It", "This", "That", "There", "They", "Nothing", "Nobody", "Somebody", "One", "Who"]);

/** The faults of a refusal, each with the field it names. */
export function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof ApiError)) return [];
  const sentences = error.faults.length > 0 ? error.faults : [error.message];
  return sentences.map(faultIn);
}

function faultIn(sentence: string): Fault {
  const named = FIELD.exec(sentence);
  if (named) return { field: named[1] ?? null, sentence: capitalized(named[2] ?? "") };
  const subject = SUBJECT.exec(sentence);
  if (subject && !PLAIN_WORDS.has(subject[1] ?? "")) return { field: subject[1] ?? null, sentence: `It ${subject[2]}` };
  return { field: null, sentence };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
