import { useMutation } from "@tanstack/react-query";
import { useReducer, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useLens } from "@/image/useLens";
import { useCommands } from "@/ui/desk/useCommands";

import { AnswerTable } from "./AnswerTable";
import { flawsOf, isOfRegions } from "@/questions/layers/answers";
import { type Action, COMMANDS } from "./commands";
import { ItemImages } from "./ItemImages";
import { Layers } from "./Layers";
import type { LayerEvent, LayerView } from "@/questions/layers/layers";
import { OwnDesk } from "./own/OwnDesk";
import { leaveToOthers, type Project, type Review, sendVerdicts, type Verdicts } from "./queries";
import styles from "./ReviewDesk.module.css";
import { ReviewPrompt } from "./ReviewPrompt";
import { SendFailed } from "./SendFailed";
import { givenOn, isComplete, isCorrectable, startReview, step, verdicts } from "./session";
import { VerdictPanel } from "./VerdictPanel";

interface Props {
  project: Project;
  review: Review;
  layers: LayerView;
  onLayers: (event: LayerEvent) => void;
  /** Actions about the page, not about this item: help, guideline, undo. */
  onPage: (action: Action) => void;
  /** This item is done with; whether what was said of it can be taken back. */
  onDone: (canUndo: boolean) => Promise<void>;
  /** Somebody else was quicker: what is held is asked for anew. */
  onStale: () => void;
  /** Something lies over the desk, so its keys rest. */
  covered: boolean;
}

/** One sampled item: its images, what each annotator answered, and the verdicts. */
export function ReviewDesk(props: Props) {
  const { project, review, layers, onLayers, onPage, onDone, onStale, covered } = props;
  const { t } = useTranslation("review");
  const { annotations } = review;
  const flaws = flawsOf(project.questions);
  const [session, dispatch] = useReducer(step, annotations, (all) =>
    startReview(all.map(({ id, verdict }) => ({ id, decided: verdict !== null }))),
  );
  const [peeking, setPeeking] = useState(false);
  const [exchanged, setExchanged] = useState(false);
  const [correcting, setCorrecting] = useState(false);
  const { lens, setLens, onHover } = useLens(String(review.id), { peeking });
  const send = useMutation({
    // Without a network it fails at once and says so, instead of waiting in silence.
    networkMode: "always",
    mutationFn: (body: Verdicts) => sendVerdicts(review.id, body),
    onSuccess: () => onDone(true),
  });
  const leave = useMutation({
    networkMode: "always",
    mutationFn: () => leaveToOthers(review.id),
    onSuccess: () => onDone(true),
  });
  const isSending = send.isPending || leave.isPending;
  const error = send.error ?? leave.error;

  const submit = () => {
    if (isSending) return;
    if (isComplete(session)) send.mutate({ verdicts: verdicts(session) });
    else dispatch({ kind: "try_submit" });
  };

  const run = (action: Action) => {
    switch (action.kind) {
      case "submit":
        submit();
        break;
      case "unsure":
        if (!isSending) leave.mutate();
        break;
      case "correct":
        if (isCorrectable(session)) setCorrecting(true);
        break;
      case "zoom":
        setPeeking(action.held);
        break;
      case "flicker":
        setExchanged(action.held);
        break;
      case "toggle_layer":
      case "toggle_marks":
      case "toggle_heatmap":
      case "toggle_spread":
        onLayers(action);
        break;
      case "next_at_least":
        if (flaws.some(isOfRegions)) onLayers({ kind: "next_at_least", people: annotations.length });
        break;
      case "next_flaw":
        onLayers({ kind: "next_flaw", count: flaws.length });
        break;
      case "toggle_help":
      case "toggle_guideline":
      case "undo":
        onPage(action);
        break;
      case "cancel":
        onPage(action);
        dispatch(action);
        break;
      default:
        dispatch(action);
        break;
    }
  };
  useCommands(COMMANDS, { run, resting: covered || isSending || correcting });

  const chosen = annotations[session.chosen];
  if (correcting && chosen) {
    return (
      <OwnDesk
        project={project}
        review={review}
        title={t("own.correct_title", { name: chosen.annotator })}
        note={t("own.correct_note")}
        yes={t("own.correct_yes")}
        answers={givenOn(session)?.answers ?? chosen.answers}
        busy={false}
        error={null}
        covered={covered}
        onDone={(answers) => {
          dispatch({ kind: "correct", answers });
          setCorrecting(false);
        }}
        onCancel={() => setCorrecting(false)}
        onPage={onPage}
      />
    );
  }
  return (
    <div className={styles.desk}>
      <section className={styles.look}>
        <ReviewPrompt review={review} questions={project.questions} />
        <ItemImages
          review={review}
          questions={project.questions}
          chosen={session.chosen}
          layers={layers}
          lens={lens}
          onLens={setLens}
          onHover={onHover}
          exchanged={exchanged}
        />
        {flaws.length > 0 && (
          <Layers project={project} review={review} flaws={flaws} layers={layers} onLayers={onLayers} />
        )}
      </section>
      <aside className={styles.panel}>
        {review.second && (
          <p className={styles.second}>
            <b>{t("second")}</b> {t("second_note")}
          </p>
        )}
        <div className={styles.answers} tabIndex={-1}>
          <AnswerTable
            project={project}
            review={review}
            session={session}
            onChoose={(index) => dispatch({ kind: "choose", index })}
          />
        </div>
        {error && <SendFailed error={error} onRetry={submit} onGoOn={onStale} />}
        <VerdictPanel
          session={session}
          annotation={chosen}
          withMarks={flaws.length > 0}
          sending={isSending}
          onAction={run}
          onReject={(reason, code) =>
            dispatch({ kind: "reject", reason, ...(code === undefined ? {} : { code }) })
          }
        />
      </aside>
    </div>
  );
}
