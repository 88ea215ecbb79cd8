import type { Condition } from "@/lib/state";

const DAY = 86_400_000;
/** From here on the server warns, too. */
const SOON = 20 * DAY;

interface Dated {
  NotAfter: string | null;
  NotBefore: string | null;
  Archived: string | null;
}

/** How a certificate is with regard to its dates, in one word. */
export function expiryOf(certificate: Dated, now: number): { of: Condition; word: string } {
  if (certificate.Archived) return { of: "cancelled", word: "Archived" };
  const { NotAfter: end, NotBefore: start } = certificate;
  if (end && Date.parse(end) <= now) return { of: "failed", word: "Expired" };
  if (start && Date.parse(start) > now) return { of: "pending", word: "Not valid yet" };
  if (end && Date.parse(end) - now < SOON) {
    const days = Math.round((Date.parse(end) - now) / DAY);
    if (days === 0) return { of: "warning", word: "Expires within hours" };
    return { of: "warning", word: days === 1 ? "Expires in 1 day" : `Expires in ${days} days` };
  }
  return { of: "success", word: "Valid" };
}
