import { answer, api } from "@/api/client";
import { LogModel, type LogPart } from "./log-model";

const LINES_AT_ONCE = 5000;
const LINES_OF_THE_WHOLE = 10_000;
const REST_BETWEEN_READS = 250;
const POLL_WITHOUT_EVENTS = 3000;
/** A task that writes without pause tells of it many times a second; the rest of the screen follows more slowly. */
const REST_BETWEEN_RENEWALS = 2000;

/** Which lines are read. The server looks for them, so that even a very long log is not read for a few. */
export interface Sieve {
  verbose: boolean;
  /** Only lines of these levels; none: of all. */
  levels: readonly string[];
  /** Only lines with these words in them. */
  words: string;
}

export function isSieving({ levels, words }: Sieve): boolean {
  return levels.length > 0 || words !== "";
}

interface Wishes {
  space: string;
  taskId: string;
  sieve: Sieve;
  /** Also what lies in the middle of a very long log. */
  whole: boolean;
  /** Called after each change that the server tells of, so that other things on the screen are renewed too. */
  onChange: () => void;
}

/**
 * Reads a task's log from its beginning, a very long one without its middle, and follows it to its end. The server says
 * when there is more; where its event stream does not come through, the log is asked for again every few seconds.
 */
export class LogReader {
  readonly model = new LogModel();
  version = 0;
  error: unknown = null;
  private readonly listeners = new Set<() => void>();
  private readonly stopping = new AbortController();
  private events: EventSource | null = null;
  private reading = false;
  private wanted = false;
  private timer: number | undefined;
  private renewal: number | undefined;
  private isRenewalWanted = false;

  constructor(private readonly wishes: Wishes) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): number => this.version;

  start(): void {
    void this.read();
    const { space, taskId } = this.wishes;
    this.events = new EventSource(`/api/${encodeURIComponent(space)}/tasks/${encodeURIComponent(taskId)}/events`);
    this.events.addEventListener("changed", () => this.again());
    this.events.addEventListener("end", () => {
      this.events?.close();
      this.wishes.onChange();
      void this.read();
    });
    this.events.addEventListener("error", () => {
      if (this.events?.readyState === EventSource.CLOSED) this.poll();
    });
  }

  stop(): void {
    this.stopping.abort();
    this.events?.close();
    window.clearTimeout(this.timer);
    window.clearTimeout(this.renewal);
  }

  /** Reads on after a failure. */
  readonly retry = (): void => void this.read();

  private again(): void {
    this.renew();
    void this.read();
  }

  /** At once, and then once more for all that was told of meanwhile. */
  private renew(): void {
    this.isRenewalWanted = this.renewal !== undefined;
    if (this.isRenewalWanted) return;
    this.wishes.onChange();
    this.renewal = window.setTimeout(() => {
      this.renewal = undefined;
      if (this.isRenewalWanted) this.renew();
    }, REST_BETWEEN_RENEWALS);
  }

  private poll(): void {
    if (this.model.isComplete || this.stopping.signal.aborted) return;
    this.timer = window.setTimeout(() => {
      this.again();
      this.poll();
    }, POLL_WITHOUT_EVENTS);
  }

  private async read(): Promise<void> {
    this.wanted = true;
    if (this.reading) return;
    this.reading = true;
    try {
      while (this.wanted && !this.stopping.signal.aborted) {
        this.wanted = false;
        await this.readToTheEnd();
        await rest(REST_BETWEEN_READS);
      }
      if (this.error !== null) {
        this.error = null;
        this.changed();
      }
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      this.error = error;
      this.changed();
    } finally {
      this.reading = false;
    }
  }

  private async readToTheEnd(): Promise<void> {
    for (;;) {
      const isFirst = this.model.lastNumber === 0;
      const part = await this.part();
      if (this.stopping.signal.aborted) return;
      this.model.append(part);
      if (isFirst && !this.wishes.whole && !isSieving(this.wishes.sieve)) this.model.passOver();
      this.changed();
      if (this.model.lastNumber >= part.TotalLines) return;
    }
  }

  private part(): Promise<LogPart> {
    const { space, taskId, sieve } = this.wishes;
    const query = {
      after: String(this.model.lastNumber),
      take: String(this.wishes.whole ? LINES_OF_THE_WHOLE : LINES_AT_ONCE),
      verbose: String(sieve.verbose),
      ...(sieve.levels.length > 0 && { levels: sieve.levels.join(",") }),
      ...(sieve.words && { words: sieve.words }),
    };
    const path = { space, id: taskId };
    return answer(api.GET("/api/{space}/tasks/{id}/log", { params: { path, query }, signal: this.stopping.signal }));
  }

  private changed(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => window.setTimeout(resolve, milliseconds));
}
