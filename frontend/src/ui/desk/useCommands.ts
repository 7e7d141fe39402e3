import { useEffect, useLayoutEffect, useRef } from "react";

import { type Command, commandAt, isDue, releasedBy } from "./commands";

/** Keys that a focused control keeps for itself. */
const CONTROL_KEYS = new Set(["Enter", "Space", "NumpadEnter"]);

function isField(target: EventTarget | null): target is HTMLElement {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=range]), textarea, select"))
  );
}

/** A button or link reached by Tab is pressed by its own keys. */
function belongsToControl({ code, target }: KeyboardEvent): boolean {
  return (
    CONTROL_KEYS.has(code) &&
    target instanceof HTMLElement &&
    target.matches("button:focus-visible, a:focus-visible")
  );
}

/** In a field Enter is a line break: with Ctrl or ⌘ it is the desk's Enter. */
function leavesField({ code, target, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return isField(target) && (ctrlKey || metaKey) && (code === "Enter" || code === "NumpadEnter");
}

interface Options<Event> {
  run: (event: Event) => void;
  /** Something else has the keys now. */
  resting?: boolean;
}

/** The whole window's keyboard, by a table of commands. */
export function useCommands<Event>(
  commands: readonly Command<Event>[],
  { run, resting = false }: Options<Event>,
): void {
  const latest = useRef({ commands, run, resting });
  useLayoutEffect(() => {
    latest.current = { commands, run, resting };
  });

  useEffect(() => {
    const held = new Map<string, Event>();

    const down = (event: KeyboardEvent) => {
      const now = latest.current;
      if (now.resting || event.isComposing) return;
      if (!leavesField(event)) {
        if (event.ctrlKey || event.metaKey) return;
        if (isField(event.target) ? event.code !== "Escape" : belongsToControl(event)) return;
      }
      const pressed = {
        code: event.code,
        shift: event.shiftKey,
        alt: event.altKey,
        repeat: event.repeat,
        typed: event.key,
      };
      const command = commandAt(now.commands, pressed);
      // A held key must not scroll or press anything either.
      if (command || (event.repeat && held.has(event.code))) event.preventDefault();
      if (!command || !isDue(command, pressed)) return;
      if (isField(event.target)) event.target.blur();
      if (command.release !== undefined) held.set(event.code, command.release);
      now.run(command.event);
    };

    const up = ({ code }: KeyboardEvent) => {
      const release = held.get(code) ?? releasedBy(latest.current.commands, code)?.release;
      held.delete(code);
      if (release !== undefined) latest.current.run(release);
    };

    const letGo = () => {
      for (const release of held.values()) latest.current.run(release);
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
