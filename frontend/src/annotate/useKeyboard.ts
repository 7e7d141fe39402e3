import { useEffect, useRef, useState } from "react";

import { type Command, commandAt, releasedBy } from "./commands";
import type { DeskEvent } from "./state";

/** Keys that a focused control keeps for itself. */
const CONTROL_KEYS = new Set(["Enter", "Space", "NumpadEnter"]);

function belongsToField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

/** A button or link reached by Tab is pressed by its own keys. */
function belongsToControl(event: KeyboardEvent): boolean {
  const { target } = event;
  return (
    CONTROL_KEYS.has(event.code) &&
    target instanceof HTMLElement &&
    target.matches("button:focus-visible, a:focus-visible")
  );
}

/** The keyboard, by the table of commands. */
export function useKeyboard(
  commands: readonly Command[],
  dispatch: (event: DeskEvent) => void,
  enabled: boolean,
): void {
  const latest = useRef({ commands, dispatch, enabled });
  useEffect(() => {
    latest.current = { commands, dispatch, enabled };
  });

  useEffect(() => {
    const held = new Map<string, DeskEvent>();

    const down = (event: KeyboardEvent) => {
      const now = latest.current;
      if (!now.enabled || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) {
        return;
      }
      if (belongsToField(event.target) ? event.code !== "Escape" : belongsToControl(event)) return;
      const command = commandAt(now.commands, {
        code: event.code,
        shift: event.shiftKey,
        repeat: event.repeat,
        typed: event.key,
      });
      if (!command) {
        // A held key must not scroll or press anything either.
        if (event.repeat && held.has(event.code)) event.preventDefault();
        return;
      }
      event.preventDefault();
      if (belongsToField(event.target)) (event.target as HTMLElement).blur();
      if (command.release) held.set(event.code, command.release);
      now.dispatch(command.event);
    };

    const up = (event: KeyboardEvent) => {
      const release = held.get(event.code) ?? releasedBy(latest.current.commands, event.code)?.release;
      held.delete(event.code);
      if (release) latest.current.dispatch(release);
    };

    const letGo = () => {
      for (const release of held.values()) latest.current.dispatch(release);
      held.clear();
    };

    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    window.addEventListener("blur", letGo);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
      window.removeEventListener("blur", letGo);
    };
  }, []);
}

interface Keyboard {
  getLayoutMap?: () => Promise<ReadonlyMap<string, string>>;
}

/** What is printed on this person's keys; null where the browser does not tell. */
export function useLayout(): ReadonlyMap<string, string> | null {
  const [layout, setLayout] = useState<ReadonlyMap<string, string> | null>(null);
  useEffect(() => {
    const { keyboard } = navigator as Navigator & { keyboard?: Keyboard };
    keyboard?.getLayoutMap?.().then(setLayout, () => undefined);
  }, []);
  return layout;
}
