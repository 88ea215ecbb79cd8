/** The first line of a text in Markdown, without the marks of a heading: what a list has room for. */
export function firstLineOf(text: string): string {
  const [line = ""] = text.trim().split("\n");
  return line.replace(/^#+\s*/, "");
}
