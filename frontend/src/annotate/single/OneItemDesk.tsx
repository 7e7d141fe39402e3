import { type ReactNode, useCallback, useMemo, useState } from "react";

import { DeskContext } from "@/annotate/context";
import { useKeymap } from "@/annotate/learning/useKeymap";
import type { Images } from "@/annotate/queue/imageCache";
import type { Assignment } from "@/annotate/server";
import { commandsFor } from "@/annotate/session/commands";
import type { DeskEvent } from "@/annotate/session/state";
import type { LookEvent } from "@/annotate/stage/commands";
import { Looking } from "@/annotate/stage/looking";
import { Work } from "@/annotate/Work";
import { useQuestionText } from "@/i18n/questionText";
import type { Answers, Question } from "@/questions/kind";
import { CommandTable } from "@/ui/desk/CommandTable";
import { remapped } from "@/ui/desk/keymap";
import { useCommands } from "@/ui/desk/useCommands";

import { useOneItem } from "./useOneItem";

interface Props {
  questions: readonly Question[];
  /** Several images are rated image by image. */
  imageByImage?: boolean;
  template: string;
  item: Assignment;
  /** Null: they are on their way. */
  images: Images | null;
  onRetry?: () => void;
  /** The keys are somebody else's. */
  resting: boolean;
  onAnswered: (answers: Answers) => void;
  /** Where the item is put. */
  children?: (work: ReactNode) => ReactNode;
}

const NOTHING = () => undefined;

/** Questions, keys and images as on the desk, of one item that no queue gave. */
export function OneItemDesk(props: Props) {
  const { questions, template, item, images, resting, onAnswered, onRetry = NOTHING } = props;
  const { imageByImage = false } = props;
  const { session, dispatch: send } = useOneItem(questions, imageByImage, item, onAnswered);
  const [looking] = useState(() => new Looking());
  const text = useQuestionText(template, item.shown.order.length);
  const keymap = useKeymap();
  const commands = useMemo(() => remapped(commandsFor(session), keymap), [session, keymap]);
  const dispatch = useCallback(
    (event: DeskEvent | LookEvent) => {
      if (event.type === "look") looking.do(event.action);
      else if (event.type === "act") send({ ...event, pixels: looking.pixels() });
      else if (event.type === "cancel") {
        if (!looking.leave()) send(event);
      } else if (!BESIDE.has(event.type)) send(event);
    },
    [looking, send],
  );
  useCommands(commands, { run: dispatch, resting });
  const work = <Work images={images} onRetry={onRetry} />;
  const view = useMemo(
    () => ({ session, dispatch, looking, text }),
    [session, dispatch, looking, text],
  );
  return (
    <DeskContext value={view}>
      <CommandTable commands={commands}>{props.children?.(work) ?? work}</CommandTable>
    </DeskContext>
  );
}

/** What lies beside an item on the desk has no place here. */
const BESIDE: ReadonlySet<string> = new Set(["dialog", "guideline", "reopen"]);
