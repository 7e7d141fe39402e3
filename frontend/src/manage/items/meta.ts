/** What came with an image or item, as words: "seed 7", "step 1000". */
export function metaWords(meta: Readonly<Record<string, string>>): string[] {
  return Object.entries(meta).map(([key, value]) => `${key} ${value}`);
}
