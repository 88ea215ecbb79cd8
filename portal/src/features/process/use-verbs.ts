import { useMemo, useRef } from "react";
import type { Draft } from "@/lib/use-draft";
import type { Process } from "./model/document";
import { setDisabled } from "./model/editing";
import { clone, type Moved, remove } from "./model/moving";
import { keyAt, type Place } from "./model/places";
import { freed, type Landing, land, nested, nudged } from "./model/rows";
import type { Direction, StepVerbs } from "./steps/verbs";

/** Where something is to be added: among the steps, or as the last child of one. */
export type Spot = { at: number } | { parent: number };

interface Screen {
  select: (key: string | undefined) => void;
  add: (spot: Spot) => void;
}

/** What the list can do to the process. Each verb is one step of undo, and the step stays selected where it went. */
export function useVerbs(
  draft: Draft<Process>,
  screen: Screen,
): StepVerbs & { land: (from: Place, to: Landing) => void } {
  const now = useRef({ draft, screen });
  now.current = { draft, screen };
  return useMemo(() => {
    const steps = () => now.current.draft.value.Steps;
    const apply = (moved: Moved | null) => {
      if (!moved) return;
      now.current.draft.change((old) => ({ ...old, Steps: moved.steps }));
      now.current.screen.select(keyAt(moved.steps, moved.place));
    };
    const MOVES: Record<Direction, (place: Place) => Moved | null> = {
      up: (place) => nudged(steps(), place, -1),
      down: (place) => nudged(steps(), place, 1),
      in: (place) => nested(steps(), place),
      out: (place) => freed(steps(), place),
    };
    return {
      select: (place) => now.current.screen.select(keyAt(steps(), place)),
      move: (place, direction) => apply(MOVES[direction](place)),
      land: (from, to) => apply(land(steps(), from, to)),
      clone: (place) => apply(clone(steps(), place)),
      remove: (place) => {
        const left = remove(steps(), place);
        now.current.draft.change((old) => ({ ...old, Steps: left }));
        const next = Math.min(place.step, left.length - 1);
        now.current.screen.select(next < 0 ? undefined : keyAt(left, { step: next, child: null }));
      },
      setDisabled: (place, isDisabled) => now.current.draft.change((old) => setDisabled(old, place, isDisabled)),
      addAt: (at) => now.current.screen.add({ at }),
      addChild: (parent) => now.current.screen.add({ parent }),
    };
  }, []);
}
