import { kindOf } from "@/questions/registry";

import { type ItemView, useItemView } from "./context";
import { ItemPrompt } from "./panel/ItemPrompt";
import { PairPanel } from "./panel/PairPanel";
import { SidePanel } from "./panel/SidePanel";
import type { Images } from "./queue/imageCache";
import { Stages } from "./stage/Stages";
import styles from "./Work.module.css";

/** The item on the desk: its images, and beside or under them what is asked. */
export function Work({ images, onRetry }: { images: Images | null; onRetry: () => void }) {
  const pair = isPairPage(useItemView());
  return (
    <div className={styles.work} data-layout={pair ? "pair" : "side"}>
      {pair && <ItemPrompt banner />}
      <Stages images={images} onRetry={onRetry} />
      {pair ? <PairPanel /> : <SidePanel />}
    </div>
  );
}

/** Nothing but questions that compare two images: these get the page's whole width. */
function isPairPage({ open }: ItemView): boolean {
  return (
    open.questions.every((question) => kindOf(question).pair) &&
    open.assignment.shown.order.length === 2
  );
}
