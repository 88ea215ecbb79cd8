import { ApiError } from "@/api/errors";

export interface Fault {
  /** The field that the API names, as in `Endpoint.Host`; null where the fault belongs to none. */
  field: string | null;
  sentence: string;
  /** As the API said it. */
  whole: string;
}

const PATH = String.raw`[A-Z][A-Za-z0-9]*(?:\[\d+\])?(?:\.[A-Za-z0-9]+(?:\[\d+\])?)*`;
const NAMED = new RegExp(`^(${PATH}): (.+)$`, "s");
/** The API also begins with the field as the subject: `Filter.StartTime is missing; say when.` */
const SPOKEN = new RegExp(`^(${PATH}) ((?:is missing|is empty|is in|must|needs|names|cannot be)\\b.+)$`, "s");
const PLAIN_WORDS = new Set(["It", "This", "That", "There", "They", "Nothing", "Nobody", "Somebody", "One", "Who"]);

/** The faults of a refusal, each with the field it names: at the head of its sentence, or as the subject of it. */
export function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof ApiError)) return [];
  const sentences = error.faults.length > 0 ? error.faults : [error.message];
  return sentences.map(faultIn);
}

function faultIn(whole: string): Fault {
  const named = NAMED.exec(whole);
  if (named) return { field: named[1] ?? null, sentence: capitalized(named[2] ?? ""), whole };
  const spoken = SPOKEN.exec(whole);
  if (spoken && !PLAIN_WORDS.has(spoken[1] ?? "")) {
    return { field: spoken[1] ?? null, sentence: `It ${spoken[2]}`, whole };
  }
  return { field: null, sentence: whole, whole };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
