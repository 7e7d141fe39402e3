/**
 * Where things are: on the image, and on the screen. The only converter between the two.
 *
 * An ImagePoint is in fractions of the image (0..1 from its top left), so it means the same at
 * every zoom and export size. A ScreenPoint is in CSS pixels from the top left of the stage that
 * shows the image. The two don't mix: the compiler keeps them apart.
 */

declare const space: unique symbol;

export interface ImagePoint {
  readonly [space]: "image";
  readonly x: number;
  readonly y: number;
}

export interface ScreenPoint {
  readonly [space]: "screen";
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An image of some size in pixels on a stage of some size in CSS pixels. */
export interface Frame {
  readonly image: Size;
  readonly stage: Size;
}

/**
 * How closely one looks, and where. `magnification` 1 shows the whole image; `centre` is the image
 * point in the middle of the stage. Stages that share a lens look at the same spot.
 */
export interface Lens {
  readonly magnification: number;
  readonly centre: ImagePoint;
}

/** A lens on a frame, worked out: CSS pixels an image pixel, and where the top left corner lies. */
export interface View {
  readonly frame: Frame;
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

export const MAX_MAGNIFICATION = 16;

export function imagePoint(x: number, y: number): ImagePoint {
  return { x, y } as ImagePoint;
}

export function screenPoint(x: number, y: number): ScreenPoint {
  return { x, y } as ScreenPoint;
}

export const WHOLE: Lens = { magnification: 1, centre: imagePoint(0.5, 0.5) };

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

/** The nearest point that lies on the image. */
export function ontoImage(point: ImagePoint): ImagePoint {
  return imagePoint(clamp(point.x, 0, 1), clamp(point.y, 0, 1));
}

export function isOnImage(point: ImagePoint): boolean {
  return point.x >= 0 && point.x <= 1 && point.y >= 0 && point.y <= 1;
}

/** CSS pixels an image pixel when the whole image just fits the stage. */
export function fitScale({ image, stage }: Frame): number {
  return Math.min(stage.width / image.width, stage.height / image.height);
}

/**
 * Where the image begins along one axis. It never leaves a wider gap than the whole image does: so
 * whatever is looked at can be magnified where it is.
 */
function begin(centre: number, length: number, room: number, whole: number): number {
  const gap = (room - whole) / 2;
  return clamp(room / 2 - centre * length, room - length - gap, gap);
}

export function viewOf(frame: Frame, lens: Lens = WHOLE): View {
  const { image, stage } = frame;
  const fit = fitScale(frame);
  const scale = fit * lens.magnification;
  return {
    frame,
    scale,
    left: begin(lens.centre.x, image.width * scale, stage.width, image.width * fit),
    top: begin(lens.centre.y, image.height * scale, stage.height, image.height * fit),
  };
}

export function toScreen(view: View, point: ImagePoint): ScreenPoint {
  const { image } = view.frame;
  return screenPoint(
    view.left + point.x * image.width * view.scale,
    view.top + point.y * image.height * view.scale,
  );
}

/** May lie off the image (below 0 or above 1): see `isOnImage`, `ontoImage`. */
export function toImage(view: View, point: ScreenPoint): ImagePoint {
  const { image } = view.frame;
  return imagePoint(
    (point.x - view.left) / (image.width * view.scale),
    (point.y - view.top) / (image.height * view.scale),
  );
}

/** The lens whose view has `point` of the image at `at` on the screen. */
function lensWith(frame: Frame, magnification: number, point: ImagePoint, at: ScreenPoint): Lens {
  const scale = fitScale(frame) * magnification;
  return {
    magnification,
    centre: ontoImage(
      imagePoint(
        point.x + (frame.stage.width / 2 - at.x) / (frame.image.width * scale),
        point.y + (frame.stage.height / 2 - at.y) / (frame.image.height * scale),
      ),
    ),
  };
}

/** Looks closer (or from further away) at what is under `at`, which stays there. */
export function magnify(frame: Frame, lens: Lens, at: ScreenPoint, magnification: number): Lens {
  const within = clamp(magnification, 1, MAX_MAGNIFICATION);
  if (within === 1) return WHOLE;
  return lensWith(frame, within, toImage(viewOf(frame, lens), at), at);
}

/** Moves the image along with the pointer, by CSS pixels. */
export function pan(frame: Frame, lens: Lens, dx: number, dy: number): Lens {
  const view = viewOf(frame, lens);
  const middle = screenPoint(frame.stage.width / 2 - dx, frame.stage.height / 2 - dy);
  return { ...lens, centre: ontoImage(toImage(view, middle)) };
}

/**
 * Pixel-exact zoom at the cursor: one image pixel becomes a whole number of device pixels, the
 * least that is clearly closer than the whole image.
 */
export function pixelLens(frame: Frame, at: ScreenPoint, devicePixelRatio: number): Lens {
  const fit = fitScale(frame);
  const whole = Math.max(1, Math.ceil(1.5 * fit * devicePixelRatio - 1e-9));
  return magnify(frame, WHOLE, at, whole / devicePixelRatio / fit);
}

/** The part of the image that a mark stands for: a disk of 1/20 of the image's height [RichHF]. */
export const MARK_RADIUS = 1 / 20;

export function markRadiusOnScreen(view: View): number {
  return MARK_RADIUS * view.frame.image.height * view.scale;
}
