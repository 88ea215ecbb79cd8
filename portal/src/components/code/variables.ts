import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import {
  Decoration,
  type DecorationSet,
  type EditorView,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from "@codemirror/view";

/** A variable that a text may name. */
export interface KnownVariable {
  name: string;
  /** What it is, in some words: where it comes from, or what it holds. */
  about?: string;
}

/** Offers variables within `#{`, and where a script asks for one by name: `get_octopusvariable "`, `$OctopusParameters["`. */
export function completeVariables(known: () => readonly KnownVariable[]): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const place =
      context.matchBefore(/#\{(?:(?:if|unless|each)\s+)?[\w.:[\] -]*/) ??
      context.matchBefore(/(?:get_octopusvariable\s+|get_octopusvariable\(|OctopusParameters\[)["'][\w.:[\] -]*/i);
    if (!place) return null;
    const typed = /[\w.:[\] -]*$/.exec(place.text.replace(/^#\{(?:(?:if|unless|each)\s+)?/, "")) ?? [""];
    const closes = place.text.startsWith("#{") && context.state.sliceDoc(context.pos, context.pos + 1) !== "}";
    return {
      from: context.pos - typed[0].length,
      options: known().map((one) => optionOf(one, closes)),
      validFor: /^[\w.:[\] -]*$/,
    };
  };
}

function optionOf({ name, about }: KnownVariable, closes: boolean): Completion {
  return { label: name, detail: about, type: "variable", apply: closes ? `${name}}` : name };
}

const mark = Decoration.mark({ class: "cm-substituted" });
const finder = new MatchDecorator({ regexp: /#\{[^{}\n]*\}/g, decoration: mark });

/** Shows where a text will be replaced by a variable's value. */
export const markSubstitutions = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = finder.createDeco(view);
    }
    update(update: ViewUpdate) {
      this.decorations = finder.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);
