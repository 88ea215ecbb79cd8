import { ApiError } from "@/api/errors";

export interface Fault {
  /** The field that the API names, as in `Endpoint.Host`; null where the fault belongs to none. */
  field: string | null;
  sentence: string;
}

const FIELD = /^([A-Z][A-Za-z0-9]*(?:\[\d+\])?(?:\.[A-Za-z0-9]+(?:\[\d+\])?)*): (.+)$/s;

/** The faults of a refusal, each with the field it names: the API begins such a sentence with `Name: `. */
export function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof ApiError)) return [];
  const sentences = error.faults.length > 0 ? error.faults : [error.message];
  return sentences.map((sentence) => {
    const found = FIELD.exec(sentence);
    return found ? { field: found[1] ?? null, sentence: capitalized(found[2] ?? "") } : { field: null, sentence };
  });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
