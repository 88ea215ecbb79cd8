/** Tokens that open a block, and what closes it. */
const BLOCKS = new Set(["if", "unless", "each"]);

/**
 * What is wrong with the `#{…}` of a text, as sentences: the server leaves such a text as it is, and a script would see
 * the token instead of a value. `##{` is the text `#{` and no token.
 */
export function expressionFaults(text: string): string[] {
  const open: { word: string; line: number }[] = [];
  const faults: string[] = [];
  for (const match of text.matchAll(/(#+)\{/g)) {
    if ((match[1] ?? "").length % 2 === 0) continue;
    const start = match.index + match[0].length;
    const line = text.slice(0, match.index).split("\n").length;
    const end = endOf(text, start);
    if (end < 0) {
      faults.push(`Line ${line}: this #{ has no } after it.`);
      continue;
    }
    const token = text.slice(start, end).trim();
    if (token === "") faults.push(`Line ${line}: #{} names no variable.`);
    const word = /^(\/?)(if|unless|each)\b/.exec(token);
    if (!word || !BLOCKS.has(word[2] ?? "")) continue;
    if (!word[1]) open.push({ word: word[2] ?? "", line });
    else if (open.at(-1)?.word === word[2]) open.pop();
    else faults.push(`Line ${line}: #{/${word[2]}} closes no #{${word[2]}}.`);
  }
  for (const { word, line } of open) faults.push(`Line ${line}: #{${word}} is not closed by #{/${word}}.`);
  return faults;
}

/** Where a token ends: braces within it belong to it. */
function endOf(text: string, start: number): number {
  let depth = 1;
  for (let index = start; index < text.length && text[index] !== "\n"; index++) {
    if (text[index] === "{") depth++;
    if (text[index] === "}" && --depth === 0) return index;
  }
  return -1;
}
