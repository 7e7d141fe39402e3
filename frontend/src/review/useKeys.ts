import { useEffect, useLayoutEffect, useRef } from "react";

import { type Command, commandOf } from "./commands";

interface Options {
  onCommand: (command: Command) => void;
  /** A key was let go: for commands that last while it is held. */
  onRelease: (command: Command) => void;
  resting: boolean;
}

/** Commands from the whole window's keys, but for those meant for a field or a focused button. */
export function useKeys(options: Options): void {
  const latest = useRef(options);
  useLayoutEffect(() => {
    latest.current = options;
  });
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.isComposing || latest.current.resting || isTyping(event.target)) return;
      if (isPressing(event)) return;
      const command = commandOf(event);
      if (command === null) return;
      event.preventDefault();
      if (!event.repeat || command.kind === "move") latest.current.onCommand(command);
    };
    const up = (event: KeyboardEvent) => {
      const command = commandOf(event);
      if (command !== null) latest.current.onRelease(command);
    };
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
    };
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}

/** Enter on a button or link that was reached by Tab presses it. */
function isPressing(event: KeyboardEvent): boolean {
  const pressed = event.code === "Enter" || event.code === "NumpadEnter";
  return pressed && event.target instanceof HTMLElement && event.target.matches("button, a");
}
