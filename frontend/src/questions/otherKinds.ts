/** Makes known the kinds of questions that are answered without drawing. */

import { bestWorst } from "./BestWorst";
import { checklist } from "./Checklist";
import { comment } from "./Comment";
import { flags } from "./Flags";
import { graded } from "./Graded";
import { label } from "./Label";
import { marks } from "./Marks";
import { pick } from "./Pick";
import { ranking } from "./Ranking";
import { rating } from "./Rating";
import { reasons } from "./Reasons";
import { type OtherKinds, register } from "./registry";
import { words } from "./Words";

const OTHERS: Omit<OtherKinds, "regions"> = {
  graded,
  ranking,
  best_worst: bestWorst,
  rating,
  marks,
  words,
  flags,
  reasons,
  label,
  checklist,
  pick,
  comment,
};

register(OTHERS);
