import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, placeholder as shownWhenEmpty } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { CodeProps } from "./code-editor";
import classes from "./code-editor.module.css";
import { editing } from "./editing";
import { grammarOf } from "./languages";

/** The editor itself. It is loaded only when a screen shows one; see `CodeEditor`. */
export default function Editor(props: CodeProps) {
  const {
    value,
    onChange,
    language = "text",
    readOnly = false,
    variables = [],
    minHeight = 160,
    maxHeight = 480,
  } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const known = useRef(variables);
  const send = useRef(onChange);
  const setup = useRef({ grammar: new Compartment(), manners: new Compartment() });
  useEffect(() => {
    known.current = variables;
    send.current = onChange;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once, and told of changes below
  useEffect(() => {
    if (!place.current) return;
    const told = EditorView.updateListener.of((update) => {
      if (update.docChanged) send.current?.(update.state.doc.toString());
    });
    const { grammar, manners } = setup.current;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          editing(() => known.current),
          told,
          grammar.of([]),
          manners.of(mannersOf(props)),
          shownWhenEmpty(props.placeholder ?? ""),
        ],
      }),
    });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);
  useEffect(() => {
    const current = view.current;
    if (!current || current.state.doc.toString() === value) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: value } });
  }, [value]);
  useEffect(() => {
    let isWanted = true;
    void grammarOf(language).then((grammar) => {
      if (isWanted) view.current?.dispatch({ effects: setup.current.grammar.reconfigure(grammar) });
    });
    return () => {
      isWanted = false;
    };
  }, [language]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what the manners are made of
  useEffect(() => {
    view.current?.dispatch({ effects: setup.current.manners.reconfigure(mannersOf(props)) });
  }, [readOnly, props.label]);
  return (
    <div
      ref={place}
      className={classes.editor}
      data-invalid={props.error ? true : undefined}
      tabIndex={-1}
      style={{ "--code-min": `${minHeight}px`, "--code-max": `${maxHeight}px` } as React.CSSProperties}
    />
  );
}

function mannersOf({ readOnly, label }: CodeProps) {
  return [
    EditorState.readOnly.of(readOnly ?? false),
    EditorView.editable.of(!readOnly),
    EditorView.contentAttributes.of({ "aria-label": label ?? "Text", ...(readOnly && { tabindex: "0" }) }),
  ];
}
