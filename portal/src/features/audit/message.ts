import type { Event } from "./api";

/** A part of a message; one that names a document has its id. */
export interface MessagePart {
  text: string;
  document: string | null;
}

/** The message cut where it names documents. Positions count characters, not the halves of a wide one. */
export function partsOf({ Message, MessageReferences }: Pick<Event, "Message" | "MessageReferences">): MessagePart[] {
  const letters = [...Message];
  const parts: MessagePart[] = [];
  let at = 0;
  const take = (end: number, document: string | null) => {
    if (end > at) parts.push({ text: letters.slice(at, end).join(""), document });
    at = Math.max(at, end);
  };
  for (const one of [...MessageReferences].sort((left, right) => left.StartIndex - right.StartIndex)) {
    take(one.StartIndex, null);
    take(one.StartIndex + one.Length, one.ReferencedDocumentId);
  }
  take(letters.length, null);
  return parts;
}
