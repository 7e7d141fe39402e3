import { createContext, useContext } from "react";

import type { QuestionText } from "@/i18n/questionText";

import type { Command } from "./commands";
import type { DeskEvent, OpenItem, Session } from "./state";

/** What every part of the desk may ask for. */
export interface DeskView {
  readonly session: Session;
  readonly dispatch: (event: DeskEvent) => void;
  /** What can be done with the item now: buttons and help are drawn from it. */
  readonly commands: readonly Command[];
  readonly text: QuestionText;
  /** What the person's own keyboard has printed on its keys, where the browser tells. */
  readonly layout: ReadonlyMap<string, string> | null;
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
