/** What the API answered when it refused: its own sentences, which the screens show as they are. */
export class ApiError extends Error {
  readonly status: number;
  readonly faults: readonly string[];
  readonly help: string | null;

  constructor(status: number, message: string, faults: readonly string[] = [], help: string | null = null) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.faults = faults.filter((fault) => fault !== message);
    this.help = help;
  }
}

interface ErrorBody {
  ErrorMessage?: unknown;
  Errors?: unknown;
  HelpText?: unknown;
}

/** Reads an error answer; something in between (a proxy) may have answered with anything. */
export function errorFrom(status: number, body: unknown): ApiError {
  const said: ErrorBody = typeof body === "object" && body !== null ? body : {};
  const sentence =
    typeof said.ErrorMessage === "string" && said.ErrorMessage
      ? said.ErrorMessage
      : `The server answered ${status} without saying why.`;
  const faults = Array.isArray(said.Errors) ? said.Errors.filter((one): one is string => typeof one === "string") : [];
  return new ApiError(status, sentence, faults, typeof said.HelpText === "string" ? said.HelpText : null);
}

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  if (error instanceof TypeError) return "The server cannot be reached. Is it running, and are you online?";
  return error instanceof Error ? error.message : String(error);
}
