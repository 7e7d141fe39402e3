import { screenPoint, type ScreenPoint } from "./geometry";

/** Where on an element something happened. */
export function pointWithin(event: { clientX: number; clientY: number }, element: Element): ScreenPoint {
  const { left, top } = element.getBoundingClientRect();
  return screenPoint(event.clientX - left, event.clientY - top);
}
