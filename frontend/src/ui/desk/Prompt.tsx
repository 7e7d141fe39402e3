import { Fragment, type ReactNode } from "react";

import styles from "./Prompt.module.css";
import { type Piece, piecesOf } from "./words";

interface Props {
  prompt: string;
  tokens: readonly string[];
  label: string;
  /** What stands there where there is no prompt. */
  none: string;
  /** Draws one of its words; left out: the prompt is plain text. */
  word?: ((word: Piece, place: number) => ReactNode) | undefined;
  /** Centred above images, at most three lines high. */
  banner?: boolean;
}

/** What the images were made from. */
export function Prompt({ prompt, tokens, label, none, word, banner }: Props) {
  let place = 0;
  const classes = [styles.prompt, banner && styles.banner];
  if (prompt.trim() === "") {
    return <p className={[...classes, styles.none].filter(Boolean).join(" ")}>{none}</p>;
  }
  return (
    <div
      className={classes.filter(Boolean).join(" ")}
      role="group"
      aria-label={label}
      dir="auto"
      // A banner scrolls where a prompt is long, by keys too.
      tabIndex={banner ? 0 : undefined}
    >
      {word
        ? piecesOf(prompt, tokens).map((piece, index) => (
            <Fragment key={index}>
              {piece.tokens.length === 0 ? (
                <span className={styles.between}>{piece.text}</span>
              ) : (
                word(piece, place++)
              )}
            </Fragment>
          ))
        : prompt}
    </div>
  );
}
