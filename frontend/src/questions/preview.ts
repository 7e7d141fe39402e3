import type { Question } from "./kind";

/** What a live desk is shown with while its questions are being written. */
export interface PreviewProps {
  readonly questions: readonly Question[];
  /** How many images an item of these questions may have. */
  readonly fewest: number;
  readonly most: number;
  /** Of a ready template, whose words the desk has by itself. */
  readonly template?: string;
}
