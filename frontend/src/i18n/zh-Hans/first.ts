/** What a desk's first item is read with: one file, for each costs a turn on a slow line. */

export { annotate } from "./annotate";
export { app } from "./app";
export { learning } from "./learning";
export { questions } from "./questions";
