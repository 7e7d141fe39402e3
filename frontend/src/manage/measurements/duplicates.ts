/** Near duplicates by perceptual hash, among the images at hand; pure. */

/** Hashes (16 hexadecimal digits) that differ in at most this many of 64 bits. */
export const NEAR_BITS = 8;

export interface Hashed {
  id: string;
  hash: string;
}

interface Halves {
  id: string;
  high: number;
  low: number;
}

/** For each image that has one, its nearest other image: id → { other, bits }. */
export function nearDuplicates(images: readonly Hashed[]): Map<string, { other: string; bits: number }> {
  const halves = images.flatMap(toHalves);
  const nearest = new Map<string, { other: string; bits: number }>();
  for (const [i, one] of halves.entries()) {
    for (let j = i + 1; j < halves.length; j += 1) {
      const other = halves[j];
      if (other === undefined) break;
      const bits = ones(one.high ^ other.high) + ones(one.low ^ other.low);
      if (bits > NEAR_BITS) continue;
      note(nearest, one.id, other.id, bits);
      note(nearest, other.id, one.id, bits);
    }
  }
  return nearest;
}

function note(
  nearest: Map<string, { other: string; bits: number }>,
  id: string,
  other: string,
  bits: number,
): void {
  const known = nearest.get(id);
  if (known === undefined || bits < known.bits) nearest.set(id, { other, bits });
}

function toHalves({ id, hash }: Hashed): Halves[] {
  if (!/^[0-9a-f]{16}$/i.test(hash)) return [];
  return [{ id, high: parseInt(hash.slice(0, 8), 16), low: parseInt(hash.slice(8), 16) }];
}

/** The number of bits set in a 32-bit word. */
export function ones(word: number): number {
  let rest = word - ((word >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return (((rest + (rest >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
