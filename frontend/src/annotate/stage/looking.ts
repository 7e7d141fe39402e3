import { Observable } from "@/annotate/observable";
import { fitScale, type Frame, type ImagePoint, type ScreenPoint, type View, viewOf } from "@/image/geometry";
import type { Letter } from "@/questions/kind";

import {
  afresh,
  begin,
  lensAt,
  type Look,
  type LookAction,
  type Sight,
  stepLook,
  type Surround,
  SURROUNDS,
} from "./look";

const STORED = "triptych.surround";

/**
 * How the item on the desk is looked at. It changes with every turn of the wheel, so it lies beside
 * the session, whose every change is about an answer.
 */
export class Looking extends Observable<Look> {
  private item: string | null = null;
  private places: readonly string[] = [];
  private frames: Record<number, Frame> = {};
  private pointer: Sight["pointer"] = null;
  private keys: Sight["keys"] = null;

  constructor() {
    super(begin(rememberedSurround()));
  }

  /** The item whose images are on the stage, and what they are held against; another begins anew. */
  at(item: string, places: readonly string[], anchor: number | null): void {
    if (item === this.item) return;
    this.item = item;
    this.places = places;
    this.keys = null;
    const fresh = afresh(this.state, anchor);
    // Mostly nothing was looked at more closely, and nothing has to be drawn again.
    if (JSON.stringify(fresh) !== JSON.stringify(this.state)) this.put(fresh);
  }

  do = (action: LookAction): void => {
    const next = stepLook(this.state, action, this.sight());
    if (action.type === "surround") localStorage.setItem(STORED, next.surround);
    if (next !== this.state) this.put(next);
  };

  /** Back to all side by side; false: they are. */
  leave(): boolean {
    const left = this.state.mode !== "side";
    if (left) this.do({ type: "side" });
    return left;
  }

  laidOut(place: number, frame: Frame): void {
    const before = this.frames[place];
    this.frames[place] = frame;
    // The readout says how large an image pixel is.
    if (!before || fitScale(before) !== fitScale(frame)) this.put({});
  }

  hover(place: number, at: ScreenPoint | null): void {
    this.pointer = at && { place, at };
    if (at && this.state.peek) this.do({ type: "hover" });
  }

  /** Where the keys are on an image; what is moved there by them is brought into sight. */
  keysAt(letter: Letter | null, at: ImagePoint | null): void {
    const place = letter === null ? -1 : this.places.indexOf(letter);
    this.keys = at && place >= 0 ? { place, at } : null;
    if (this.keys) this.do({ type: "reveal", ...this.keys });
  }

  /** How an image is seen now; null before it is laid out. */
  viewOf(place: number): View | null {
    const frame = this.frames[place];
    return frame ? viewOf(frame, lensAt(this.state, place)) : null;
  }

  /** One CSS pixel as it is seen now, in fractions of each image's sides. */
  pixels(): Readonly<Record<Letter, { readonly x: number; readonly y: number }>> {
    return Object.fromEntries(
      this.places.flatMap((letter, place) => {
        const view = this.viewOf(place);
        if (!view) return [];
        const { scale, frame } = view;
        const { width, height } = frame.image;
        return [[letter, { x: 1 / (width * scale), y: 1 / (height * scale) }]];
      }),
    );
  }

  private sight(): Sight {
    return {
      count: this.places.length,
      frames: this.frames,
      pointer: this.pointer,
      keys: this.keys,
      devicePixelRatio: window.devicePixelRatio,
    };
  }
}

function rememberedSurround(): Surround {
  const stored = localStorage.getItem(STORED);
  return SURROUNDS.find((one) => one === stored) ?? "dark";
}
