/** The scale of a rating: its points and their keys, and moving along a long one; pure. */

import { digit, type Key, keys } from "@/ui/desk/commands";

import type { Question } from "./kind";

/** More points than this are a slider. */
const MOST_BUTTONS = 10;
const HALF = 0.5;
/** Between two digits of the keyboard lies a letter, the half between them. */
const BETWEEN_DIGITS = ["Backquote", "KeyQ", "KeyW", "KeyE", "KeyR", "KeyT", "KeyY", "KeyU", "KeyI", "KeyO"];
/** Ten jumps of a digit, of whatever length the scale is. */
const TENTHS = 10;

export interface Scale {
  readonly min: number;
  readonly max: number;
  /** From one value to the next: 1, or a half. */
  readonly step: number;
}

export function scaleOf({ scale, half_points }: Question): Scale {
  const { min, max } = scale ?? { min: 1, max: 5 };
  return { min, max, step: half_points ? HALF : 1 };
}

/** Every value that can be given. */
export function valuesOf({ min, max, step }: Scale): number[] {
  return Array.from({ length: (max - min) / step + 1 }, (_, place) => min + place * step);
}

export function isLong({ min, max }: Scale): boolean {
  return max - min > MOST_BUTTONS;
}

/** A point, of a long scale a tenth: how far apart careful people may well be. */
export function carefulStep({ min, max }: Pick<Scale, "min" | "max">): number {
  return Math.max(1, (max - min) / TENTHS);
}

export function fits({ min, max, step }: Scale, value: number): boolean {
  return value >= min && value <= max && Number.isInteger(value / step);
}

/** Of a value that has a button. Ten has the key of nought, where that is free. */
export function keysOf({ min }: Scale, value: number): readonly Key[] {
  if (value % 1 !== 0) return keys(...BETWEEN_DIGITS.slice(Math.floor(value), Math.ceil(value)));
  if (value === TENTHS && min > 0) return digit(0);
  return value >= 0 && value < TENTHS ? digit(value) : [];
}

/** So far along the scale, in tenths. */
export function atTenth({ min, max, step }: Scale, tenths: number): number {
  return min + Math.round(((max - min) * tenths) / TENTHS / step) * step;
}

/** Moved by so many points; who has said nothing yet begins in the middle. */
export function slid(scale: Scale, from: number | null | undefined, by: number): number {
  if (typeof from !== "number") return atTenth(scale, TENTHS / 2);
  return Math.min(Math.max(from + by, scale.min), scale.max);
}
