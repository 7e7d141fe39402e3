/** Where the names beside marks stand, so that none lies on another; pure. */

export interface Placed {
  readonly x: number;
  readonly y: number;
}

const LABEL_WIDTH_PX = 24;
const LABEL_HEIGHT_PX = 13;
/** In a thicker crowd than this a name stands where it falls. */
const MOST_MOVES = 12;

/** How far down each name moves, in the order given: below those that stand in its place. */
export function labelShifts(points: readonly Placed[]): readonly number[] {
  const placed: Placed[] = [];
  return points.map(({ x, y }) => {
    let at = y;
    for (let moves = 0; moves < MOST_MOVES && placed.some((one) => overlaps(one, { x, y: at })); moves++) {
      at += LABEL_HEIGHT_PX;
    }
    placed.push({ x, y: at });
    return at - y;
  });
}

function overlaps(one: Placed, other: Placed): boolean {
  return (
    Math.abs(one.x - other.x) < LABEL_WIDTH_PX && Math.abs(one.y - other.y) < LABEL_HEIGHT_PX
  );
}
