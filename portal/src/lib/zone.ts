const KEY = "polpo-time-zone";

/** The time zone that the user reads times in: the one chosen in the profile, else the browser's. An IANA name. */
export function zoneName(): string {
  return chosenZone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** What was chosen in this browser; null when times follow the system. */
export function chosenZone(): string | null {
  const kept = localStorage.getItem(KEY);
  return kept !== null && isZone(kept) ? kept : null;
}

/** Takes effect where times are written from now on, so the page is best loaded anew. */
export function chooseZone(zone: string | null): void {
  if (zone === null) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, zone);
}

function isZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
