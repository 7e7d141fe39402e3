import { useReducer, useState } from "react";
import { type Text, useTranslation } from "@/i18n/useTranslation";

import { useQuestionText } from "@/i18n/questionText";
import { useLens } from "@/image/useLens";
import type { Answers, Question } from "@/questions/kind";
import { KINDS, kindOf } from "@/questions/registry";
import { focusedStep, hereOf, isComplete, sendable, unanswered } from "@/questions/steps";
import { Button } from "@/ui/desk/Button";
import { CommandTable } from "@/ui/desk/CommandTable";
import { useCommands } from "@/ui/desk/useCommands";

import type { Project, Review } from "@/review/queries";
import desk from "@/review/ReviewDesk.module.css";
import { type OwnAction, ownCommands } from "./commands";
import { isAnswered, type OwnEvent, type OwnItem, startOwn, stepOwn } from "./own";
import styles from "./OwnDesk.module.css";
import { OwnImages } from "./OwnImages";
import { OwnPrompt } from "./OwnPrompt";

interface Props {
  project: Project;
  review: Review;
  title: string;
  note: string;
  /** What sends the answers. */
  yes: string;
  /** What the answers begin as. */
  answers: Answers;
  busy: boolean;
  error: string | null;
  covered: boolean;
  onDone: (answers: Answers) => void;
  /** Left out: there is no way around it. */
  onCancel?: () => void;
  onPage: (action: { kind: "toggle_help" | "toggle_guideline" | "cancel" }) => void;
}

/** A reviewer answers an item themselves. */
export function OwnDesk(props: Props) {
  const { project, review, title, note, yes, busy, error, covered, onDone, onCancel, onPage } = props;
  const { t } = useTranslation(["review", "questions"]);
  const [open, dispatch] = useReducer(stepOwn, null, () =>
    startOwn(review, project.questions, props.answers, project.image_by_image),
  );
  const [peeking, setPeeking] = useState(false);
  const { lens, setLens, onHover } = useLens(`own-${review.id}`, { peeking });
  const text = useQuestionText(project.template, review.item.images.length);
  const commands = ownCommands(open);

  const send = () => {
    if (busy) return;
    if (isAnswered(open)) onDone(sendable(open));
    else dispatch({ type: "go_on" });
  };
  const run = (action: OwnAction) => {
    switch (action.type) {
      case "send":
        send();
        break;
      case "zoom":
        setPeeking(action.held);
        break;
      case "help":
        onPage({ kind: "toggle_help" });
        break;
      case "guideline":
        onPage({ kind: "toggle_guideline" });
        break;
      case "cancel":
        onPage({ kind: "cancel" });
        dispatch({ type: "let_go" });
        onCancel?.();
        break;
      default:
        dispatch(action);
    }
  };
  useCommands(commands, { run, resting: covered || busy });
  const question = focusedStep(open)?.question;
  const kindText = useTranslation("questions").t;
  const help = question && [text.help(question), KINDS[question.type].hint?.(kindText)];
  return (
    <CommandTable commands={commands}>
      <div className={desk.desk}>
        <section className={desk.look}>
          <OwnPrompt open={open} dispatch={dispatch} />
          <OwnImages open={open} lens={lens} onLens={setLens} onHover={onHover} dispatch={dispatch} />
        </section>
        <aside className={styles.panel} aria-label={title}>
          <h2 className={styles.title}>{title}</h2>
          <p className={styles.note}>{note}</p>
          <div className={styles.questions}>
            {open.questions.map((one) => (
              <OwnRow key={one.id} question={one} open={open} text={text} dispatch={dispatch} />
            ))}
          </div>
          <p className={styles.help}>{help?.filter(Boolean).join(" ")}</p>
          <p className={styles.missing} role="alert">
            {error ?? (open.missing && missingText(open.missing, text.title(open.missing), t, kindText))}
          </p>
          <div className={styles.send}>
            {onCancel && (
              <Button command="cancel" onClick={onCancel}>
                {t("own.cancel")}
              </Button>
            )}
            <Button
              command="own_send"
              cap="after"
              look={unanswered(open).length === 0 ? "go" : "plain"}
              disabled={busy}
              onClick={send}
            >
              {unanswered(open).length === 0 ? yes : t("own.next")}
            </Button>
          </div>
        </aside>
      </div>
    </CommandTable>
  );
}

type Translate = Text<readonly ["review", "questions"]>;
type KindTexts = Text<"questions">;

function missingText(question: Question, title: string, t: Translate, kindText: KindTexts): string {
  return kindOf(question).missing?.(kindText, title) ?? t("own.missing", { question: title });
}

interface RowProps {
  question: Question;
  open: OwnItem;
  text: ReturnType<typeof useQuestionText>;
  dispatch: (event: OwnEvent) => void;
}

function OwnRow({ question, open, text, dispatch }: RowProps) {
  const { Row } = KINDS[question.type];
  return (
    <Row
      {...hereOf(open, question)}
      text={text}
      done={isComplete(open, question)}
      act={(action, letter) =>
        dispatch({
          type: "act",
          question: question.id,
          ...(letter === undefined ? {} : { letter }),
          action,
        })
      }
      focus={() => dispatch({ type: "focus_question", question: question.id })}
    />
  );
}
