import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentOnInput } from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { type Extension, Prec } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { look } from "./look";
import { completeVariables, type KnownVariable, markSubstitutions } from "./variables";

/** Escape, then Tab, leaves the editor: a keyboard must not be caught in it. */
const leaveByEscape = Prec.lowest(
  keymap.of([
    {
      key: "Escape",
      run: (view) => {
        view.contentDOM.blur();
        view.dom.parentElement?.focus();
        return true;
      },
    },
  ]),
);

/** All that makes a text area an editor of scripts. `known` gives the variables that are offered while one types. */
export function editing(known: () => readonly KnownVariable[]): Extension {
  return [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    autocompletion({ override: [completeVariables(known)], activateOnTyping: true, icons: false }),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
      indentWithTab,
    ]),
    leaveByEscape,
    markSubstitutions,
    look,
    EditorView.lineWrapping,
  ];
}
