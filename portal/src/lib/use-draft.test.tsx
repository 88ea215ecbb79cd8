import { act, renderHook } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { useDraft } from "./use-draft";

interface Note {
  Name: string;
  Secret?: string;
}

function opened(saved: Note, strip?: (value: Note) => Note) {
  return renderHook(({ note }) => useDraft("note", note, { strip }), { initialProps: { note: saved } });
}

describe("a draft", () => {
  beforeEach(() => sessionStorage.clear());

  it("takes back as one step what was typed into one field", () => {
    const { result } = opened({ Name: "a" });
    act(() => result.current.change({ Name: "ab" }, "name"));
    act(() => result.current.change({ Name: "abc" }, "name"));
    act(() => result.current.change({ Name: "abc", Secret: "s" }, "secret"));
    act(() => result.current.undo());
    expect(result.current.value.Name).toBe("abc");
    act(() => result.current.undo());
    expect(result.current.value.Name).toBe("a");
    expect(result.current.canUndo).toBe(false);
    act(() => result.current.redo());
    expect(result.current.value.Name).toBe("abc");
  });

  it("is kept without what may not be kept", () => {
    const strip = ({ Name }: Note) => ({ Name });
    const { result } = opened({ Name: "a" }, strip);
    act(() => result.current.change({ Name: "b", Secret: "hidden" }));
    expect(JSON.stringify(sessionStorage)).not.toContain("hidden");
    expect(opened({ Name: "a" }, strip).result.current.value).toEqual({ Name: "b" });
  });

  it("tells what somebody else saved meanwhile, and what the changes were made to", () => {
    const { result, rerender } = opened({ Name: "a" });
    act(() => result.current.change({ Name: "mine" }));
    rerender({ note: { Name: "theirs" } });
    expect(result.current.theirs).toEqual({ Name: "theirs" });
    expect(result.current.base).toEqual({ Name: "a" });
    act(() => result.current.keepMine());
    expect(result.current.theirs).toBeNull();
    expect(result.current.value).toEqual({ Name: "mine" });
  });

  it("keeps what was changed while it was being saved", () => {
    const { result, rerender } = opened({ Name: "a" });
    act(() => result.current.change({ Name: "sent" }));
    const { accept } = result.current;
    act(() => result.current.change({ Name: "sent and more" }));
    act(() => accept({ Name: "sent" }));
    rerender({ note: { Name: "sent" } });
    expect(result.current.value).toEqual({ Name: "sent and more" });
    expect(result.current.isChanged).toBe(true);
    act(() => result.current.accept({ Name: "sent and more" }));
    rerender({ note: { Name: "sent and more" } });
    expect(result.current.isChanged).toBe(false);
  });
});
