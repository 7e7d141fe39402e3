import { createContext, useContext } from "react";

import type { QuestionText } from "@/i18n/questionText";

import type { DeskEvent, OpenItem, Session } from "./session/state";
import type { LookEvent } from "./stage/commands";
import type { Looking } from "./stage/looking";

/** What every part of the desk may ask for. */
export interface DeskView {
  readonly session: Session;
  readonly dispatch: (event: DeskEvent | LookEvent) => void;
  readonly looking: Looking;
  readonly text: QuestionText;
}

/** The desk with an item on it. */
export interface ItemView extends DeskView {
  readonly open: OpenItem;
}

export const DeskContext = createContext<DeskView | null>(null);

export function useDeskView(): DeskView {
  const view = useContext(DeskContext);
  if (!view) throw new Error("outside of the desk");
  return view;
}

export function useItemView(): ItemView {
  const view = useDeskView();
  if (!view.session.open) throw new Error("no item on the desk");
  return { ...view, open: view.session.open };
}
