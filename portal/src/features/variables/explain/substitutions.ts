/** The variables that a text names in `#{…}`, each once: those of filters, conditions and loops, too. */
export function namesWithin(text: string): string[] {
  const found = new Map<string, string>();
  for (const [, inner = ""] of text.matchAll(/(?<!#)#\{([^{}]+)\}/g)) {
    const name = nameIn(inner.trim());
    if (name !== "") found.set(name.toLowerCase(), name);
  }
  return [...found.values()];
}

function nameIn(inner: string): string {
  if (inner.startsWith("/") || inner === "else") return "";
  const [, each] = /^each\s+\S+\s+in\s+(.+)$/.exec(inner) ?? [];
  const [, condition] = /^(?:if|unless|elseif)\s+([^=!|]+)/.exec(inner) ?? [];
  return (each ?? condition ?? inner).split("|")[0]?.trim() ?? "";
}
