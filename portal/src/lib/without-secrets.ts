type Fields = Record<string, unknown>;

/**
 * A document without the secrets that were typed into it, for a place where secrets must not be kept. Where one was
 * typed there is what `base` has at that place, so that nothing is said of the secret by what is left.
 */
export function withoutSecrets<T>(value: T, base: T): T {
  return stripped(value, base) as T;
}

function stripped(value: unknown, base: unknown): unknown {
  if (Array.isArray(value)) return value.map((one, index) => stripped(one, Array.isArray(base) ? base[index] : null));
  if (!isFields(value)) return value;
  const before = isFields(base) ? base : {};
  if (isSecret(value)) return value.NewValue ? silent(before) : value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, stripped(one, before[name])]));
}

function silent(before: Fields): Fields {
  return isSecret(before) ? { ...before, NewValue: null } : { HasValue: false, NewValue: null };
}

function isSecret(value: Fields): boolean {
  return "HasValue" in value && "NewValue" in value;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
