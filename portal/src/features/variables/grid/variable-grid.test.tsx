import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useRef, useState } from "react";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { useGridActions } from "../editor/use-grid-actions";
import { useVariables } from "../editor/use-variables";
import { rowsOf } from "../model/rows";
import { OFFERED } from "../model/scope";
import { NAMES, variable } from "../model/testing";
import type { Variable } from "../model/variable";
import { useGrid } from "./use-grid";
import { VariableGrid } from "./variable-grid";

beforeAll(() => {
  // What a browser measures, so that lines are drawn at all.
  Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 600 });
  Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, get: () => 1000 });
  window.matchMedia = (query: string) =>
    ({ matches: false, media: query, addEventListener: () => {}, removeEventListener: () => {} }) as never;
  window.ResizeObserver = class {
    observe() {}
    unobserve() {}
    disconnect() {}
  };
  Element.prototype.scrollTo = () => {};
  Element.prototype.scrollIntoView = () => {};
});

afterEach(() => {
  cleanup();
  sessionStorage.clear();
});

const SAVED = [
  variable("1", { Name: "Host", Value: "a" }),
  variable("2", { Name: "Host", Value: "p", Scope: { Environment: ["production"] } }),
  {
    ...variable("3", { Name: "Key", Type: "Sensitive", IsSensitive: true }),
    Secret: { HasValue: true, NewValue: null, Hint: null },
  },
  variable("4", { Name: "Locked", Value: "stays" }),
];

let seen: readonly Variable[] = [];
let opened: unknown = null;

function Screen() {
  const [saved] = useState({ version: 1, variables: SAVED });
  const variables = useVariables("test", saved);
  const { before, after, changes, conflicts } = variables;
  seen = after;
  const rows = rowsOf(
    { before, after, changes, conflicts, names: NAMES },
    { words: "", type: null, shown: null, scope: [] },
    { by: "name", isDown: false },
    new Set(),
  );
  const scroller = useRef<HTMLDivElement>(null);
  const actions = useGridActions({
    variables,
    lock: (one) => (one.Name === "Locked" ? "Not yours." : null),
    open: (what) => {
      opened = what;
    },
    keep: () => {},
  });
  const grid = useGrid(rows, actions, () => scroller.current?.focus());
  return (
    <VariableGrid
      label="Variables"
      space="Spaces-1"
      rows={rows}
      grid={grid}
      actions={actions}
      names={NAMES}
      offered={OFFERED}
      valueNames={new Map()}
      faults={new Map()}
      sorting={{ by: "name", isDown: false }}
      onSort={() => {}}
      isClosed={false}
      scroller={scroller}
    />
  );
}

async function shown() {
  const user = userEvent.setup();
  opened = null;
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MantineProvider env="test">
        <Screen />
      </MantineProvider>
    </QueryClientProvider>,
  );
  const grid = screen.getByRole("grid");
  grid.focus();
  // The first key goes to the first cell.
  await user.keyboard("{ArrowDown}");
  return { user, grid };
}

const active = (grid: HTMLElement) => grid.getAttribute("aria-activedescendant");
const values = () => seen.map((one) => `${one.Name}=${one.Value}`);

describe("editing by keyboard", () => {
  it("goes from cell to cell, and stays within the lines", async () => {
    const { user, grid } = await shown();
    expect(active(grid)).toBe("cell-1-name");
    await user.keyboard("{ArrowUp}{ArrowLeft}");
    expect(active(grid)).toBe("cell-1-name");
    await user.keyboard("{ArrowRight}{ArrowDown}");
    expect(active(grid)).toBe("cell-2-value");
    await user.keyboard("{End}{Tab}");
    expect(active(grid)).toBe("cell-3-name");
    await user.keyboard("{Control>}{End}{/Control}");
    expect(active(grid)).toBe("adding");
  });

  it("replaces by typing, goes on by Enter and F2, and takes Tab to the right", async () => {
    const { user, grid } = await shown();
    await user.keyboard("{ArrowRight}new{Enter}");
    expect(values()[0]).toBe("Host=new");
    expect(active(grid)).toBe("cell-2-value");
    await user.keyboard("{F2}{End}!{Tab}");
    expect(values()[1]).toBe("Host=p!");
    expect(active(grid)).toBe("cell-2-scope");
    expect(grid).toBe(document.activeElement);
  });

  it("leaves a cell as it was by Escape", async () => {
    const { user, grid } = await shown();
    await user.keyboard("{ArrowRight}other{Escape}");
    expect(values()[0]).toBe("Host=a");
    expect(active(grid)).toBe("cell-1-value");
  });

  it("keeps a secret of which nothing is typed, and replaces it when something is", async () => {
    const { user } = await shown();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowRight}{Enter}");
    expect((screen.getByLabelText("Value of Key") as HTMLInputElement).type).toBe("password");
    await user.keyboard("{Enter}");
    expect(seen[2]).toBe(SAVED[2]);
    await user.keyboard("{ArrowUp}{Enter}s3cret{Enter}");
    expect(seen[2]?.Value).toBe("s3cret");
    expect(document.body.textContent).not.toContain("s3cret");
    expect(sessionStorage.getItem("polpo-draft:test")).not.toContain("s3cret");
  });

  it("does not change what is locked", async () => {
    const { user } = await shown();
    await user.keyboard("{ArrowDown}{ArrowDown}{ArrowDown}{ArrowRight}x{Delete}{Control>}{Delete}{/Control}");
    expect(values()[3]).toBe("Locked=stays");
    expect(screen.queryByRole("textbox")).toBeNull();
  });

  it("scopes by typing", async () => {
    const { user } = await shown();
    await user.keyboard("{ArrowRight}{ArrowRight}{Enter}");
    await user.type(screen.getByLabelText("Scope of Host"), "prod");
    await user.click(await screen.findByRole("option", { name: "Production", hidden: true }));
    await user.keyboard("{Tab}");
    expect(seen[0]?.Scope).toEqual({ Environment: ["production"] });
  });

  it("adds a variable at the bottom, another value of one, and takes both back", async () => {
    const { user } = await shown();
    await user.keyboard("{Control>}{Enter}{/Control}second{Enter}");
    expect(values()[1]).toBe("Host=second");
    await user.keyboard("{Control>}{End}{/Control}Port{Tab}80{Enter}");
    expect(values().at(-1)).toBe("Port=80");
    expect(within(screen.getByRole("grid")).getByText("Port")).toBeTruthy();
    for (let step = 0; step < 5; step += 1) await user.keyboard("{Control>}z{/Control}");
    expect(values()).toHaveLength(4);
    await user.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    expect(values()).toHaveLength(5);
  });

  it("drops a variable that was begun and left empty", async () => {
    const { user } = await shown();
    await user.keyboard("{Control>}{End}{/Control}{Enter}{Escape}");
    expect(seen).toHaveLength(4);
  });

  it("chooses lines, deletes them, and keeps them in sight until that is saved", async () => {
    const { user } = await shown();
    await user.keyboard("{Shift>} {/Shift}{ArrowDown}{Shift>} {/Shift}");
    expect(screen.getAllByRole("row", { selected: true })).toHaveLength(2);
    await user.keyboard("{Control>}{Delete}{/Control}");
    expect(values()).toEqual(["Key=", "Locked=stays"]);
    expect(screen.getAllByText("deleted:")).toHaveLength(2);
  });

  it("takes one text into a value, and several lines to the dialog", async () => {
    const { user } = await shown();
    await user.keyboard("{ArrowRight}");
    await user.paste("pasted");
    expect(values()[0]).toBe("Host=pasted");
    await user.paste("A=1\nB=2");
    expect(opened).toEqual({ kind: "paste", text: "A=1\nB=2" });
  });
});
