/** The prompt cut into its words and what stands between them. */

/** `tokens`: places in the server's list of tokens that the word is made of; none: separators. */
export interface Piece {
  readonly text: string;
  readonly tokens: readonly number[];
}

/** "(masterpiece:1.2)" and "<lora:name:0.8>": a word and its weight belong together. */
const WEIGHTED = /<[^<>\s]+>|\(*[^\s(),:]+:\d*\.?\d+\)+/gu;

/**
 * The server splits; this only finds its tokens again. Between two of them are separators alone, so
 * the first place from where the last one ended is the right one. A weighted word is one, and so is
 * what a dictionary finds among the characters of a script without spaces; the answer names the
 * tokens, whatever this browser's dictionary says.
 */
export function piecesOf(prompt: string, tokens: readonly string[]): readonly Piece[] {
  const starts = wordStarts(prompt);
  const spans = [...prompt.matchAll(WEIGHTED)].map(({ 0: text, index }) => [index, index + text.length]);
  const isWeighted = (from: number, to: number) =>
    spans.some(([start = 0, end = 0]) => start <= from && to <= end);
  const pieces: { text: string; tokens: number[] }[] = [];
  let from = 0;
  tokens.forEach((text, token) => {
    const start = prompt.indexOf(text, from);
    if (start === -1) return;
    const last = pieces.at(-1);
    const end = start + text.length;
    const begun = last ? from - last.text.length : 0;
    const goesOn = (start === from && !starts.has(start)) || isWeighted(begun, end);
    if (last && last.tokens.length > 0 && goesOn) {
      last.text += prompt.slice(from, end);
      last.tokens.push(token);
    } else {
      if (start > from) pieces.push({ text: prompt.slice(from, start), tokens: [] });
      pieces.push({ text, tokens: [token] });
    }
    from = end;
  });
  if (from < prompt.length) pieces.push({ text: prompt.slice(from), tokens: [] });
  return pieces;
}

/** The words alone. */
export function wordsOf(prompt: string, tokens: readonly string[]): readonly Piece[] {
  return piecesOf(prompt, tokens).filter((piece) => piece.tokens.length > 0);
}

/** Where words begin that the browser knows; without its dictionary each character is one. */
function wordStarts(prompt: string): { has: (at: number) => boolean } {
  if (!("Segmenter" in Intl)) return { has: () => true };
  const segments = new Intl.Segmenter(undefined, { granularity: "word" }).segment(prompt);
  return new Set([...segments].map(({ index }) => index));
}
