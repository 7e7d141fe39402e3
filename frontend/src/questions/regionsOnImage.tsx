/** Regions as they are drawn over an image, and what presses and drags on it mean. */

import {
  type ImagePoint,
  screenPoint,
  type ScreenPoint,
  toImage,
  toScreen,
  type View,
} from "@/image/geometry";
import { isMove, type Phase, type Tap } from "@/image/usePointers";

import type { AskedItem, Letter, OnImage, Press, Question } from "./kind";
import { isTying } from "./linking";
import { covers } from "./regionRaster";
import {
  cursorOf,
  middleOf,
  nextFlaw,
  type Point,
  regionAt,
  type RegionRef,
  type RegionsAction,
  regionsOf,
  regionsQuestions,
  selectedOf,
  thinned,
  type Tool,
  toPoint,
} from "./regions";
import { RegionsLayer } from "./RegionsLayer";
import { show } from "./regionsLive";
import { colourOfFlaw } from "./RegionShape";

/** A press as near as this to a region means it. */
const REACH_PX = 6;
/** A line is kept as closely as an eye can follow it on the screen. */
const TOLERANCE_PX = 0.4;

interface Place {
  readonly item: AskedItem;
  readonly question: Question;
  readonly letter: Letter;
}

export function onImage(item: AskedItem, letter: Letter, focus: Question | null): OnImage {
  const inFocus = focus?.type === "regions";
  const question = inFocus ? focus : regionsQuestions(item.questions)[0];
  if (!question) return {};
  const layer: NonNullable<OnImage["layer"]> = (view, press) => (
    <RegionsLayer
      key={question.id}
      {...{ item, letter, view }}
      active={inFocus ? question : null}
      onSize={(by) => press(act({ question }, { type: "size", by }))}
    />
  );
  if (isTying(item)) return { layer, ties: (at, view) => tied(item, letter, at, view) };
  if (!inFocus) return { layer };
  const place = { item, question, letter };
  const { tool } = cursorOf(item);
  return {
    layer,
    focused: true,
    keys: keysAt(item, letter),
    pointer: tool ? "crosshair" : "pointer",
    tap: (tap, view) => tapped(place, tap, view),
    grab: (at, view) => (tool ? drawing(place, tool, at, view) : null),
  };
}

function act({ question }: Pick<Place, "question">, action: RegionsAction): Press {
  return { question: question.id, action };
}

/** Where the keys are: the crosshair, else the middle of a region that was chosen elsewhere. */
function keysAt(item: AskedItem, letter: Letter): ImagePoint | null {
  const { crosshair, sought } = cursorOf(item);
  if (crosshair) return crosshair.letter === letter ? crosshair.at : null;
  const selected = sought ? selectedOf(item) : null;
  const region = selected?.letter === letter ? regionAt(item, selected) : undefined;
  return region ? middleOf(region) : null;
}

/** A brush makes a dot; else a press chooses what lies there, or nothing. */
function tapped(place: Place, { at, screen, secondary }: Tap, view: View): Press | null {
  if (secondary) return null;
  const { letter, item } = place;
  const { tool, radius } = cursorOf(item);
  if (tool === "brush" || tool === "erase") {
    return act(place, { type: "stroke", letter, stroke: { tool, radius, points: [toPoint(at)] } });
  }
  return act(place, { type: "select", region: under(place, screen, view), sought: false });
}

/** The region there, of whichever question, is for the word that is being tied. */
function tied(item: AskedItem, letter: Letter, at: ScreenPoint, view: View): Press | null {
  const all = regionsQuestions(item.questions).map((question) => ({ item, question, letter }));
  const place = all.find((one) => under(one, at, view));
  return place ? act(place, { type: "select", region: under(place, at, view), sought: false }) : null;
}

/** The topmost region there, else the one whose edge is near. */
function under({ item, question, letter }: Place, at: ScreenPoint, view: View): RegionRef | null {
  const list = regionsOf(item, question.id)[letter] ?? [];
  const ring = [0, 1, 2, 3, 4, 5, 6, 7].map((eighth) => (eighth * Math.PI) / 4);
  const near = ring.map((turn) => screenPoint(at.x + REACH_PX * Math.cos(turn), at.y + REACH_PX * Math.sin(turn)));
  for (const places of [[at], near]) {
    const points = places.map((one) => toImage(view, one));
    const index = list.findLastIndex((region) =>
      points.some((point) => covers(region, point, view.frame.image)),
    );
    if (index !== -1) return { question: question.id, letter, index };
  }
  return null;
}

/** What is drawn is seen at once, and is part of the answer when the pointer is lifted. */
function drawing(place: Place, tool: Tool, at: ScreenPoint, view: View) {
  const { item, question, letter } = place;
  const { radius } = cursorOf(item);
  const from = toImage(view, at);
  const selected = selectedOf(item);
  const flaw = (tool !== "box" && selected && regionAt(item, selected)?.flaw) || nextFlaw(question, cursorOf(item));
  const colour = colourOfFlaw(question, flaw);
  let line: ImagePoint[] = [from];
  return (to: ImagePoint, phase: Phase): Press | null => {
    const last = line.at(-1);
    if (tool === "box") line = [from, to];
    else if (phase !== "lost" && (last?.x !== to.x || last.y !== to.y)) line = [...line, to];
    if (isMove(phase)) {
      show({ stroke: { letter, tool, radius, colour, points: line.map(toPoint) } });
      return null;
    }
    show({ stroke: null });
    if (phase === "lost") return null;
    if (tool === "box") return act(place, { type: "box", letter, from, to });
    const points = kept(line, view);
    const stroke = tool === "lasso" ? { tool, points } : { tool, radius, points };
    return act(place, { type: "stroke", letter, stroke });
  };
}

function kept(line: readonly ImagePoint[], view: View): Point[] {
  const seen = line.map((point) => toScreen(view, point));
  return thinned(seen, TOLERANCE_PX).map((point) => toPoint(toImage(view, point)));
}
