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
  /** The share of the free width that lies left of the whole image: 0.5 (the default) centres it. */
  readonly align?: number;
}

/**
 * How closely one looks, and where. `magnification` 1 shows the whole image; `centre` is the image
 * point in the middle of the stage. Stages that share a lens look at the same spot.
 */
export interface Lens {
  readonly magnification: number;
  readonly centre: ImagePoint;
  /** CSS pixels an image pixel, whatever fits: then `magnification` says nothing. */
  readonly scale?: number;
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

export function isWhole({ magnification, scale }: Lens): boolean {
  return magnification === 1 && scale === undefined;
}

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

/** How often larger than the whole image a lens shows it on this frame. */
export function magnificationOf(frame: Frame, { magnification, scale }: Lens): number {
  return scale === undefined ? magnification : scale / fitScale(frame);
}

/** How far an image beside the middle of its stage is drawn to it, once it is smaller than that. */
function shiftOf(align: number, length: number, room: number): number {
  return (align - 0.5) * Math.max(0, room - length);
}

/**
 * Where the image begins along one axis. It never leaves a wider gap on one side than the whole image
 * leaves on both: so whatever is looked at can be magnified where it is. The bounds close steadily
 * on the place of the whole image, so that nothing jumps on the way there.
 */
function begin(centre: number, length: number, room: number, whole: number, align: number): number {
  const free = room - length;
  const spare = room - whole;
  if (length <= whole) return free / 2 + shiftOf(align, length, room);
  const low = free - spare + Math.max(0, free / 2);
  const high = spare - Math.max(0, free / 2);
  return clamp(room / 2 - centre * length, low, high) + shiftOf(align, length, room);
}

export function viewOf(frame: Frame, lens: Lens = WHOLE): View {
  const { image, stage, align = 0.5 } = frame;
  const fit = fitScale(frame);
  const scale = lens.scale ?? fit * lens.magnification;
  const [width, height] = [image.width, image.height];
  const left = begin(lens.centre.x, width * scale, stage.width, width * fit, align);
  const top = begin(lens.centre.y, height * scale, stage.height, height * fit, 0.5);
  // Exact pixels lie on the screen's own.
  return lens.scale === undefined
    ? { frame, scale, left, top }
    : { frame, scale, left: Math.round(left), top: Math.round(top) };
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

/** The lens that shows `point` of the image at `at` of the stage, at `scale`. */
function lensWith(frame: Frame, scale: number, point: ImagePoint, at: ScreenPoint): Lens {
  const { image, stage, align = 0.5 } = frame;
  const [width, height] = [image.width * scale, image.height * scale];
  const shift = shiftOf(align, width, stage.width);
  return {
    magnification: scale / fitScale(frame),
    centre: imagePoint(
      point.x + (stage.width / 2 - at.x + shift) / width,
      point.y + (stage.height / 2 - at.y) / height,
    ),
  };
}

/** The place on the image that is nearest to a place on the stage. */
function anchorOf(view: View, at: ScreenPoint): { point: ImagePoint; at: ScreenPoint } {
  const point = ontoImage(toImage(view, at));
  return { point, at: toScreen(view, point) };
}

/** Looks closer (or from further away) at what is under `at`, or nearest to it, which stays there. */
export function magnify(frame: Frame, lens: Lens, at: ScreenPoint, magnification: number): Lens {
  const within = clamp(magnification, 1, MAX_MAGNIFICATION);
  if (within === 1) return WHOLE;
  const anchor = anchorOf(viewOf(frame, lens), at);
  return {
    ...lensWith(frame, fitScale(frame) * within, anchor.point, anchor.at),
    magnification: within,
  };
}

/** Moves the image along with the pointer, by CSS pixels. */
export function pan(frame: Frame, lens: Lens, dx: number, dy: number): Lens {
  const view = viewOf(frame, lens);
  const at = screenPoint(frame.stage.width / 2, frame.stage.height / 2);
  const middle = toImage(view, screenPoint(at.x - dx, at.y - dy));
  return { ...lens, centre: lensWith(frame, view.scale, middle, at).centre };
}

/** One image pixel is exactly `scale` CSS pixels wide; what is under `at` stays there. */
export function exactLens(frame: Frame, lens: Lens, at: ScreenPoint, scale: number): Lens {
  const anchor = anchorOf(viewOf(frame, lens), at);
  return { ...lensWith(frame, scale, anchor.point, anchor.at), scale };
}

/** The same lens, with `point` in the middle of the stage as far as the image's edges let it. */
export function centredOn(frame: Frame, lens: Lens, point: ImagePoint): Lens {
  const at = screenPoint(frame.stage.width / 2, frame.stage.height / 2);
  const { scale } = viewOf(frame, lens);
  return { ...lens, centre: lensWith(frame, scale, point, at).centre };
}

/**
 * Pixel-exact zoom at the cursor: one image pixel becomes a whole number of device pixels, the
 * least that is clearly closer than the whole image: 1:1 where the image is larger than its stage.
 */
export function pixelLens(frame: Frame, at: ScreenPoint, devicePixelRatio: number): Lens {
  const whole = Math.max(1, Math.ceil(1.5 * fitScale(frame) * devicePixelRatio - 1e-9));
  return exactLens(frame, WHOLE, at, whole / devicePixelRatio);
}

/** Nearest-neighbour: exact pixels above 1:1, and whatever is twice as large or more. */
export function showsPixels(view: View, lens: Lens, devicePixelRatio: number): boolean {
  const devicePixels = view.scale * devicePixelRatio;
  return !isWhole(lens) && devicePixels > (lens.scale === undefined ? 1.999 : 1.001);
}

/**
 * One standard deviation of a mark's Gaussian, as a share of the image's sides: exports draw square
 * maps of side s with sigma s / 40 (scoring/heatmap.py, `equal_moment`), so on an image that is not
 * square it is as oval as the image is.
 */
export const MARK_SIGMA = 1 / 40;

/** That deviation in CSS pixels. */
export function markSigmaOnScreen({ frame, scale }: View): { x: number; y: number } {
  const { width, height } = frame.image;
  return { x: MARK_SIGMA * width * scale, y: MARK_SIGMA * height * scale };
}
