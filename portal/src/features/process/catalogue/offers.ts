import type { Shape } from "@/api/client";
import type { Offered } from "../api";

export interface Category {
  id: string;
  name: string;
  count: number;
}

/** The categories that have something, in the order of the API, after one that has all. */
export function categoriesOf(all: readonly Offered[], known: readonly Shape<"ActionTemplateCategory">[]): Category[] {
  const named = [...known].sort((one, other) => one.DisplayOrder - other.DisplayOrder);
  const counted = named
    .map(({ Id, Name }) => ({ id: Id, name: Name, count: all.filter((one) => one.Categories.includes(Id)).length }))
    .filter((one) => one.count > 0);
  return [{ id: "", name: "All", count: all.length }, ...counted];
}

/** Those of a category with all the words; a word in the name counts more than one in the description. */
export function fitting(all: readonly Offered[], words: string, category: string): Offered[] {
  const sought = words.toLowerCase().split(/\s+/).filter(Boolean);
  const scored = all
    .filter((one) => category === "" || one.Categories.includes(category))
    .map((one, index) => ({ one, index, score: scoreOf(one, sought) }))
    .filter(({ score }) => score !== null);
  return scored
    .sort((left, right) => (right.score ?? 0) - (left.score ?? 0) || left.index - right.index)
    .map(({ one }) => one);
}

function scoreOf(offered: Offered, words: readonly string[]): number | null {
  const name = offered.Name.toLowerCase();
  const rest = [offered.Description, offered.Type, offered.Keywords, offered.Author].join(" ").toLowerCase();
  let score = 0;
  for (const word of words) {
    if (name.startsWith(word)) score += 3;
    else if (name.includes(word)) score += 2;
    else if (rest.includes(word)) score += 1;
    else return null;
  }
  return score;
}
