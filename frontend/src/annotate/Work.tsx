import { memo } from "react";

import { kindOf } from "@/questions/registry";

import { type ItemView, useItemView } from "./context";
import { ItemPrompt } from "./panel/ItemPrompt";
import { PairPanel } from "./panel/PairPanel";
import { SidePanel } from "./panel/SidePanel";
import type { Images } from "./queue/imageCache";
import { Stages } from "./stage/Stages";
import styles from "./Work.module.css";

interface Props {
  images: Images | null;
  onRetry: () => void;
}

/**
 * The item on the desk: its images, and beside or under them what is asked. The stages stay from
 * item to item, so that the next images are on the screen a frame after the key.
 */
export const Work = memo(function Work({ images, onRetry }: Props) {
  const view = useItemView();
  const { armed, assignment } = view.open;
  const { id } = assignment;
  const pair = isPairPage(view);
  return (
    <div className={styles.work} data-layout={pair ? "pair" : "side"} aria-busy={!armed}>
      {pair && <ItemPrompt key={`prompt ${id}`} banner />}
      <Stages images={images} onRetry={onRetry} />
      {pair ? <PairPanel key={`panel ${id}`} /> : <SidePanel key={`panel ${id}`} />}
    </div>
  );
});

/** Nothing but questions that compare two images: these get the page's whole width. */
function isPairPage({ open }: ItemView): boolean {
  return (
    open.questions.every((question) => kindOf(question).pair) &&
    open.assignment.shown.order.length === 2
  );
}
