import { type RefObject, useEffect, useRef } from "react";

import { keepFocus } from "@/ui/desk/Button";
import type { Piece } from "@/ui/desk/words";

import type { Here, Painted, WordsOf } from "./kind";
import styles from "./PromptWord.module.css";

/** What a pointer that is down does to the words it is drawn over; null: none is down. */
export type Drag = (Omit<Painted, "to"> & { readonly moved: boolean }) | null;

/** Whether one of a word's tokens is among these. */
function hasAny(tokens: readonly number[], parts: readonly number[]): boolean {
  return parts.some((part) => tokens.includes(part));
}

interface Props {
  piece: Piece;
  /** Its place among the prompt's words. */
  place: number;
  /** The question that asks for words. */
  here: Here<unknown, unknown>;
  words: WordsOf<unknown, unknown, unknown>;
  dragRef: RefObject<Drag>;
  act: (action: unknown) => void;
}

/** A word of the prompt: pressed, or drawn over with others. */
export function PromptWord({ piece, place, here, words, dragRef, act }: Props) {
  const { answer, cursor } = here;
  const chosen = answer !== null && hasAny(words.chosen(answer), piece.tokens);
  const unsure = answer !== null && hasAny(words.unsure(answer), piece.tokens);
  // It goes on with the word before, in one span.
  const goesOn = answer !== null && words.goesOn(answer, piece.tokens[0] ?? 0);
  const numbers = words.numbers(here.item, piece.tokens);
  const focused = here.focused && words.at(cursor) === place;
  const disabled = !here.item.armed;
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
      className={styles.word}
      aria-pressed={unsure ? "mixed" : chosen}
      data-unsure={unsure || undefined}
      data-goes-on={goesOn || undefined}
      data-numbers={numbers}
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
      {piece.text}
    </button>
  );
}
