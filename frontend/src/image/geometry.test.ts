import { describe, expect, it } from "vitest";

import {
  exactLens,
  type Frame,
  imagePoint,
  isOnImage,
  type Lens,
  magnify,
  markSigmaOnScreen,
  MAX_MAGNIFICATION,
  ontoImage,
  pan,
  pixelLens,
  screenPoint,
  showsPixels,
  toImage,
  toScreen,
  viewOf,
  WHOLE,
} from "./geometry";

/** Repeatable chance: the same thousand cases on every run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Case {
  frame: Frame;
  lens: Lens;
  roll: () => number;
}

function eachCase(check: (given: Case) => void): void {
  const roll = dice(20);
  for (let round = 0; round < 1000; round++) {
    const side = () => 1 + Math.floor(roll() * 4000);
    check({
      frame: {
        image: { width: side(), height: side() },
        stage: { width: 50 + roll() * 2000, height: 50 + roll() * 1500 },
      },
      lens: {
        magnification: 1 + roll() * (MAX_MAGNIFICATION - 1),
        centre: imagePoint(roll(), roll()),
      },
      roll,
    });
  }
}

const SQUARE: Frame = {
  image: { width: 512, height: 512 },
  stage: { width: 800, height: 600 },
};

describe("the converter between image and screen", () => {
  it("comes back to the same point, through any lens", () => {
    eachCase(({ frame, lens, roll }) => {
      const view = viewOf(frame, lens);
      const point = imagePoint(roll(), roll());

      const back = toImage(view, toScreen(view, point));

      expect(back.x).toBeCloseTo(point.x, 9);
      expect(back.y).toBeCloseTo(point.y, 9);
    });
  });

  it("keeps the order of points and the image's shape", () => {
    eachCase(({ frame, lens }) => {
      const view = viewOf(frame, lens);
      const first = toScreen(view, imagePoint(0, 0));
      const last = toScreen(view, imagePoint(1, 1));

      const shape = (last.x - first.x) / (last.y - first.y);
      expect(shape / (frame.image.width / frame.image.height)).toBeCloseTo(1, 9);
    });
  });

  it("puts a known point where a calculation by hand puts it", () => {
    // 512 px into 600 px of height: scale 1.171875, 100 px free on either side.
    const view = viewOf(SQUARE);

    expect(view.scale).toBe(1.171875);
    expect(toScreen(view, imagePoint(0, 0))).toEqual({ x: 100, y: 0 });
    expect(toScreen(view, imagePoint(0.5, 1))).toEqual({ x: 400, y: 600 });
    expect(toImage(view, screenPoint(250, 150))).toEqual({ x: 0.25, y: 0.25 });
  });

  it("says when a point is off the image, and finds the nearest on it", () => {
    const off = toImage(viewOf(SQUARE), screenPoint(40, 300));

    expect(off).toEqual({ x: -0.1, y: 0.5 });
    expect(isOnImage(off)).toBe(false);
    expect(ontoImage(off)).toEqual({ x: 0, y: 0.5 });
  });
});

describe("the view", () => {
  it("shows the whole image, as large as it fits", () => {
    eachCase(({ frame }) => {
      const view = viewOf(frame);
      const first = toScreen(view, imagePoint(0, 0));
      const last = toScreen(view, imagePoint(1, 1));

      expect(first.x).toBeGreaterThanOrEqual(-1e-6);
      expect(first.y).toBeGreaterThanOrEqual(-1e-6);
      expect(last.x).toBeLessThanOrEqual(frame.stage.width + 1e-6);
      expect(last.y).toBeLessThanOrEqual(frame.stage.height + 1e-6);
      const free = Math.min(
        frame.stage.width - (last.x - first.x),
        frame.stage.height - (last.y - first.y),
      );
      expect(free).toBeCloseTo(0, 6);
    });
  });

  it("never leaves a wider gap on one side than the whole image leaves on both", () => {
    eachCase(({ frame, lens }) => {
      const whole = viewOf(frame);
      const view = viewOf(frame, lens);
      const right = view.left + frame.image.width * view.scale;
      const bottom = view.top + frame.image.height * view.scale;

      expect(view.left).toBeLessThanOrEqual(2 * whole.left + 1e-6);
      expect(view.top).toBeLessThanOrEqual(2 * whole.top + 1e-6);
      expect(right).toBeGreaterThanOrEqual(frame.stage.width - 2 * whole.left - 1e-6);
      expect(bottom).toBeGreaterThanOrEqual(frame.stage.height - 2 * whole.top - 1e-6);
    });
  });

  it("gives two stages of one shape and one lens the same spot in the middle", () => {
    const lens = { magnification: 4, centre: imagePoint(0.3, 0.6) };
    const small = viewOf({ image: { width: 256, height: 256 }, stage: SQUARE.stage }, lens);
    const large = viewOf({ image: { width: 1024, height: 1024 }, stage: SQUARE.stage }, lens);

    const middle = screenPoint(400, 300);

    expect(toImage(small, middle)).toEqual(toImage(large, middle));
  });
});

describe("magnifying", () => {
  it("keeps what is under the pointer there, step by step, into the largest and out again", () => {
    eachCase(({ frame, roll }) => {
      const point = imagePoint(roll(), roll());
      const at = toScreen(viewOf(frame), point);
      const seen = (lens: Lens) => {
        const { x, y } = toScreen(viewOf(frame, lens), point);
        return Math.hypot(x - at.x, y - at.y);
      };
      let lens = WHOLE;
      for (const factor of [1.1, 1.3, 1.02, 2, 1.5, 4, 4, 0.5, 0.9, 0.6]) {
        lens = magnify(frame, lens, at, lens.magnification * factor);
        expect(seen(lens)).toBeCloseTo(0, 5);
      }
    });
  });

  it("goes back to the whole image without a jump, wherever the pointer is", () => {
    const edge = screenPoint(100, 0);
    const lens = magnify(SQUARE, WHOLE, screenPoint(700, 600), 3);

    const almost = viewOf(SQUARE, magnify(SQUARE, lens, edge, 1.0001));

    expect(almost.left).toBeCloseTo(100, 0);
    expect(almost.top).toBeCloseTo(0, 0);
  });

  it("stays between the whole image and sixteen times", () => {
    const at = screenPoint(400, 300);

    expect(magnify(SQUARE, WHOLE, at, 0.2)).toBe(WHOLE);
    expect(magnify(SQUARE, WHOLE, at, 99).magnification).toBe(16);
  });

  it("shows whole device pixels when it goes to 1:1", () => {
    eachCase(({ frame, roll }) => {
      const ratio = [1, 1.25, 1.5, 2, 3][Math.floor(roll() * 5)] ?? 1;
      const at = screenPoint(frame.stage.width / 2, frame.stage.height / 2);

      const lens = pixelLens(frame, at, ratio);

      expect(lens.magnification).toBeGreaterThan(1);
      const devicePixels = viewOf(frame, lens).scale * ratio;
      expect(devicePixels).toBeCloseTo(Math.round(devicePixels), 6);
    });
  });

  it("takes a 2048 px image on a 600 px stage to exactly one to one", () => {
    const frame = { image: { width: 2048, height: 2048 }, stage: { width: 600, height: 600 } };

    expect(viewOf(frame, pixelLens(frame, screenPoint(300, 300), 1)).scale).toBe(1);
  });
});

describe("panning", () => {
  it("moves the image with the pointer", () => {
    const lens = { magnification: 4, centre: imagePoint(0.5, 0.5) };
    const before = toScreen(viewOf(SQUARE, lens), imagePoint(0.5, 0.5));

    const after = toScreen(viewOf(SQUARE, pan(SQUARE, lens, 30, -20)), imagePoint(0.5, 0.5));

    expect(after.x - before.x).toBeCloseTo(30, 9);
    expect(after.y - before.y).toBeCloseTo(-20, 9);
  });

  it("undoes itself when nothing is clamped", () => {
    const lens = { magnification: 8, centre: imagePoint(0.5, 0.5) };

    const back = pan(SQUARE, pan(SQUARE, lens, 50, 70), -50, -70);

    expect(back.centre.x).toBeCloseTo(0.5, 9);
    expect(back.centre.y).toBeCloseTo(0.5, 9);
  });
});

describe("exact pixels", () => {
  const frame = { image: { width: 1024, height: 768 }, stage: { width: 683, height: 514 } };

  it("lie on the screen's own, with what was under the pointer still there", () => {
    const at = screenPoint(200, 300);
    const before = toImage(viewOf(frame), at);

    for (const scale of [1, 2]) {
      const view = viewOf(frame, exactLens(frame, WHOLE, at, scale));

      expect(view.scale).toBe(scale);
      expect([view.left, view.top]).toEqual([Math.round(view.left), Math.round(view.top)]);
      const after = toScreen(view, before);
      // Half a pixel is what lying on the screen's own pixels costs.
      expect(Math.abs(after.x - at.x)).toBeLessThanOrEqual(0.5);
      expect(Math.abs(after.y - at.y)).toBeLessThanOrEqual(0.5);
    }
  });

  it("show an image that is smaller than its stage in the middle, at its own size", () => {
    const small = { image: { width: 100, height: 50 }, stage: { width: 400, height: 400 } };

    const view = viewOf(small, exactLens(small, WHOLE, screenPoint(10, 10), 1));

    expect(view).toMatchObject({ scale: 1, left: 150, top: 175 });
  });

  it("are not smoothed above 1:1, nor is what is twice as large", () => {
    const shows = (lens: Lens, ratio = 1) => showsPixels(viewOf(frame, lens), lens, ratio);
    const exact = (scale: number) => exactLens(frame, WHOLE, screenPoint(0, 0), scale);

    expect([WHOLE, exact(1), exact(2)].map((lens) => shows(lens))).toEqual([false, false, true]);
    // Two device pixels a CSS pixel: 1:1 is half a CSS pixel.
    expect([exact(0.5), exact(1)].map((lens) => shows(lens, 2))).toEqual([false, true]);
    expect(shows({ magnification: 2, centre: imagePoint(0.5, 0.5) })).toBe(false);
    expect(shows({ magnification: 8, centre: imagePoint(0.5, 0.5) })).toBe(true);
  });
});

describe("a pair drawn together", () => {
  const stage = { width: 683, height: 514 };
  const image = { width: 1024, height: 1024 };
  const [left, right] = [{ image, stage, align: 1 }, { image, stage, align: 0 }];

  it("leaves nothing between the two", () => {
    expect(viewOf(left).left + 514).toBeCloseTo(683, 9);
    expect(viewOf(right).left).toBeCloseTo(0, 9);
  });

  it("keeps what is under the pointer there from the first step on, on either side", () => {
    const roll = dice(7);
    for (const frame of [left, right]) {
      for (let round = 0; round < 300; round++) {
        const point = imagePoint(roll(), roll());
        const at = toScreen(viewOf(frame), point);
        let lens = WHOLE;
        for (const factor of [1.02, 1.1, 1.1, 1.2, 1.5, 3, 0.4, 1.9]) {
          lens = magnify(frame, lens, at, lens.magnification * factor);
          const { x, y } = toScreen(viewOf(frame, lens), point);
          expect(Math.hypot(x - at.x, y - at.y)).toBeCloseTo(0, 5);
        }
      }
    }
  });

  it("shows the same spot at the same place of both once it fills them", () => {
    const lens = magnify(left, WHOLE, screenPoint(300, 100), 3);

    expect(viewOf(left, lens).left).toBeCloseTo(viewOf(right, lens).left, 9);
  });
});

it("magnifies beside the image what lies nearest to the pointer", () => {
  const beside = screenPoint(40, 300);

  let lens = WHOLE;
  for (let step = 0; step < 12; step++) lens = magnify(SQUARE, lens, beside, lens.magnification * 1.2);

  expect(lens.magnification).toBeCloseTo(8.916, 3);
  // The image's left edge, at 100 px, stays where it is.
  expect(toScreen(viewOf(SQUARE, lens), imagePoint(0, 0.5)).x).toBeCloseTo(100, 6);
  expect(toScreen(viewOf(SQUARE, lens), imagePoint(0, 0.5)).y).toBeCloseTo(300, 6);
});

describe("the Gaussian of a mark", () => {
  it("has a deviation of a fortieth of the image's sides at every zoom", () => {
    const lens = { magnification: 2, centre: imagePoint(0.5, 0.5) };
    const wide = { image: { width: 1000, height: 500 }, stage: { width: 500, height: 500 } };

    expect(markSigmaOnScreen(viewOf(SQUARE))).toEqual({ x: 15, y: 15 });
    expect(markSigmaOnScreen(viewOf(SQUARE, lens))).toEqual({ x: 30, y: 30 });
    expect(markSigmaOnScreen(viewOf(wide))).toEqual({ x: 12.5, y: 6.25 });
  });
});
