/** The prompt cut into its words and what stands between them. */

/** `token`: the word's index in the list of words; null: separators. */
export interface Piece {
  readonly text: string;
  readonly token: number | null;
}

/**
 * The server splits; this only finds its words again. Between two of them are separators alone, so
 * the first place from where the last word ended is the right one.
 */
export function piecesOf(prompt: string, tokens: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  tokens.forEach((text, token) => {
    const start = prompt.indexOf(text, from);
    if (start === -1) return;
    if (start > from) pieces.push({ text: prompt.slice(from, start), token: null });
    pieces.push({ text, token });
    from = start + text.length;
  });
  if (from < prompt.length) pieces.push({ text: prompt.slice(from), token: null });
  return pieces;
}
