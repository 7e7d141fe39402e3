import { type RefObject, useEffect, useRef } from "react";

import { keepFocus } from "@/ui/desk/Button";

import type { Painted, WordsOf } from "./kind";

/** What a pointer that is down does to the words it is drawn over; null: none is down. */
export type Drag = (Omit<Painted, "to"> & { readonly moved: boolean }) | null;

/** Whether one of a word's tokens is among these. */
export function hasAny(tokens: readonly number[], parts: readonly number[]): boolean {
  return parts.some((part) => tokens.includes(part));
}

interface Props {
  text: string;
  /** Its place among the prompt's words. */
  place: number;
  chosen: boolean;
  focused: boolean;
  disabled?: boolean;
  className: string;
  words: WordsOf<unknown, unknown, unknown>;
  dragRef: RefObject<Drag>;
  act: (action: unknown) => void;
}

/** A word of the prompt: pressed, or drawn over with others. */
export function PromptWord({
  text,
  place,
  chosen,
  focused,
  disabled = false,
  className,
  words,
  dragRef,
  act,
}: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // In a long prompt the keys go on beyond what is seen.
    if (focused) button.current?.scrollIntoView({ block: "nearest" });
  }, [focused]);
  const over = () => {
    const { current } = dragRef;
    if (!current || disabled || (place === current.from && !current.moved)) return;
    dragRef.current = { ...current, moved: true };
    act(words.paint({ from: current.from, to: place, chosen: current.chosen }, !current.moved));
  };
  return (
    <button
      ref={button}
      type="button"
      className={className}
      aria-pressed={chosen}
      data-focused={focused || undefined}
      disabled={disabled}
      onPointerDown={(event) => {
        keepFocus(event);
        dragRef.current = { from: place, chosen: !chosen, moved: false };
      }}
      onPointerEnter={(event) => event.buttons % 2 === 1 && over()}
      onClick={(event) => {
        // A pointer that was drawn back to where it began has done its work; a key has none.
        const drawn = event.detail > 0 && dragRef.current?.moved;
        dragRef.current = null;
        if (!drawn) act(words.press(place));
      }}
    >
      {text}
    </button>
  );
}
