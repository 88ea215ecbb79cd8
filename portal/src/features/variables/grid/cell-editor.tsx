import { ActionIcon, Select } from "@mantine/core";
import { IconArrowsDiagonal } from "@tabler/icons-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { Picker } from "@/components/picker";
import type { Chip, Dimension, ScopeNames } from "../model/scope";
import { scopeOf } from "../model/scope";
import {
  asType,
  isKeptByServer,
  isSecret,
  kindOfValue,
  TYPES,
  type Variable,
  type VariableType,
} from "../model/variable";
import type { Column, Move } from "./columns";
import classes from "./grid.module.css";
import { KeyBox } from "./roles";
import { ScopeEditor } from "./scope-editor";

export interface CellEditorProps {
  space: string;
  variable: Variable;
  column: Column;
  /** What was typed to begin with; null to go on with what is there. */
  typed: string | null;
  names: ScopeNames;
  offered: readonly Dimension[];
  commit: (change: (old: Variable) => Variable, move: Move) => void;
  cancel: () => void;
  openText: (id: string) => void;
}

export function CellEditor(props: CellEditorProps) {
  const { column, variable } = props;
  if (column === "scope") return <EditScope {...props} />;
  if (column === "type") return <EditType {...props} />;
  if (column === "value" && kindOfValue(variable.Type)) return <EditReference {...props} />;
  return <EditText {...props} />;
}

/** Where a key leads out of a cell that is being edited; null where it belongs to the cell. */
function moveOf(event: KeyboardEvent<HTMLElement>): Move | null {
  if (event.nativeEvent.isComposing || event.altKey) return null;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) return "stay";
  if (event.key === "Enter") return event.shiftKey ? "up" : "down";
  if (event.key === "Tab") return event.shiftKey ? "left" : "right";
  return null;
}

/** Ends once only: an input that goes away may lose the focus while it does. */
function useEnding({ commit, cancel }: Pick<CellEditorProps, "commit" | "cancel">) {
  const isOver = useRef(false);
  const once = (work: () => void) => {
    if (isOver.current) return;
    isOver.current = true;
    work();
  };
  return {
    commit: (change: (old: Variable) => Variable, move: Move) => once(() => commit(change, move)),
    cancel: () => once(cancel),
  };
}

function EditText({ variable, column, typed, openText, ...props }: CellEditorProps) {
  const isValue = column === "value";
  const isHidden = isValue && isSecret(variable);
  const [text, setText] = useState(typed ?? (isHidden ? "" : ((isValue ? variable.Value : variable.Name) ?? "")));
  const ending = useEnding(props);
  const change = (old: Variable): Variable => {
    if (!isValue) return { ...old, Name: text.trim() };
    // Nothing entered for a secret keeps the one that is there.
    return isHidden && text === "" ? old : { ...old, Value: text };
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter" && event.altKey && isValue && !isHidden) {
      event.preventDefault();
      enlarge();
      return;
    }
    const move = moveOf(event);
    if (!move && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    if (move) ending.commit(change, move);
    else ending.cancel();
  };
  const enlarge = () => {
    ending.commit(change, "stay");
    openText(variable.Id);
  };
  return (
    <div className={classes.wide}>
      <input
        className={classes.input}
        type={isHidden ? "password" : "text"}
        autoComplete={isHidden ? "new-password" : "off"}
        spellCheck={false}
        data-mono={isValue || undefined}
        aria-label={isValue ? `Value of ${variable.Name || "the new variable"}` : "Name"}
        placeholder={
          isHidden ? (isKeptByServer(variable) ? "Type to replace the secret" : "Type the secret") : undefined
        }
        // biome-ignore lint/a11y/noAutofocus: the cell that one begins to edit takes the keys
        autoFocus
        onFocus={(event) => typed === null && event.currentTarget.select()}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData("text/plain").replace(/\r\n/g, "\n");
          if (!isValue || isHidden || !pasted.trimEnd().includes("\n")) return;
          event.preventDefault();
          ending.commit((old) => ({ ...old, Value: pasted }), "stay");
          openText(variable.Id);
        }}
        onKeyDown={keys}
        onBlur={() => ending.commit(change, "leave")}
      />
      {isValue && !isHidden && (
        <ActionIcon
          size={24}
          className={classes.large}
          aria-label="Edit in a large editor"
          tabIndex={-1}
          onMouseDown={(event) => event.preventDefault()}
          onClick={enlarge}
        >
          <IconArrowsDiagonal size={15} />
        </ActionIcon>
      )}
    </div>
  );
}

function EditScope({ variable, names, offered, ...props }: CellEditorProps) {
  const [chips, setChips] = useState<Chip[]>(() => names.chipsOf(variable.Scope));
  const ending = useEnding(props);
  const change = (old: Variable) => ({ ...old, Scope: scopeOf(chips) });
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const move = moveOf(event);
    const isOptionChosen = event.key === "Enter" && event.currentTarget.querySelector("[aria-activedescendant]");
    if (isOptionChosen || (!move && event.key !== "Escape")) return;
    event.preventDefault();
    event.stopPropagation();
    if (move) ending.commit(change, move);
    else ending.cancel();
  };
  return (
    <div className={classes.slot}>
      <div className={classes.scopeEditor}>
        <ScopeEditor
          bare
          autoFocus
          label={`Scope of ${variable.Name || "the new variable"}`}
          names={names}
          offered={offered}
          value={chips}
          onChange={setChips}
          onKeyDown={keys}
          onBlur={() => ending.commit(change, "leave")}
        />
      </div>
    </div>
  );
}

/** Where a value is chosen from a list, Tab goes on with what was chosen and Escape takes it back. */
function keysOfChoice(ending: ReturnType<typeof useEnding>) {
  return (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== "Escape" && event.key !== "Tab") return;
    event.preventDefault();
    event.stopPropagation();
    const move = moveOf(event);
    if (move) ending.commit((old) => old, move);
    else ending.cancel();
  };
}

function EditType({ variable, ...props }: CellEditorProps) {
  const ending = useEnding(props);
  const keys = keysOfChoice(ending);
  return (
    <KeyBox className={classes.slot} onKeyDownCapture={keys}>
      <Select
        size="xs"
        aria-label={`Type of ${variable.Name || "the new variable"}`}
        data={TYPES.map(({ type, word }) => ({ value: type, label: word }))}
        value={variable.Type}
        allowDeselect={false}
        autoFocus
        defaultDropdownOpened
        comboboxProps={{ width: 260, position: "bottom-start" }}
        onChange={(type) => type && ending.commit((old) => asType(old, type as VariableType), "stay")}
        onBlur={() => ending.commit((old) => old, "leave")}
      />
    </KeyBox>
  );
}

/** An account, a certificate or a pool of workers. */
function EditReference({ space, variable, ...props }: CellEditorProps) {
  const ending = useEnding(props);
  const keys = keysOfChoice(ending);
  return (
    <KeyBox
      className={classes.slot}
      onKeyDownCapture={keys}
      ref={(element) => element?.querySelector("input")?.focus()}
      onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && ending.commit((old) => old, "leave")}
    >
      <ValuePicker
        space={space}
        variable={variable}
        onChange={(id) => ending.commit((old) => ({ ...old, Value: id }), "stay")}
      />
    </KeyBox>
  );
}

const ACCOUNT_TYPES: Partial<Record<VariableType, string>> = {
  AmazonWebServicesAccount: "AmazonWebServicesAccount",
  AzureAccount: "AzureServicePrincipal,AzureOIDC,AzureSubscription",
  GoogleCloudAccount: "GoogleCloudAccount",
  UsernamePasswordAccount: "UsernamePassword",
  GenericOidcAccount: "GenericOidcAccount",
};

export function ValuePicker({
  space,
  variable,
  label,
  onChange,
}: {
  space: string;
  variable: Variable;
  label?: string;
  onChange: (id: string) => void;
}) {
  const kind = kindOfValue(variable.Type);
  if (!kind) return null;
  const accountType = ACCOUNT_TYPES[variable.Type];
  return (
    <Picker
      kind={kind}
      space={space}
      label={label}
      aria-label={label ? undefined : `Value of ${variable.Name || "the new variable"}`}
      filters={kind === "accounts" && accountType ? { accountType } : undefined}
      value={variable.Value || null}
      onChange={(id) => onChange(id ?? "")}
    />
  );
}
