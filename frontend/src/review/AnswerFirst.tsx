import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { useErrorText } from "@/api/errorText";

import type { Action } from "./commands";
import { OwnDesk } from "./own/OwnDesk";
import { answerFirst, type Project, type Review } from "./queries";

interface Props {
  project: Project;
  review: Review;
  covered: boolean;
  /** The review with its answers, now that they may be seen. */
  onOpened: (review: Review) => void;
  onPage: (action: Action) => void;
}

const NOTHING_YET = {};

/** Where the project asks for it, the reviewer answers before they see what others answered. */
export function AnswerFirst({ project, review, covered, onOpened, onPage }: Props) {
  const { t } = useTranslation("review");
  const errorText = useErrorText();
  const send = useMutation({
    networkMode: "always",
    mutationFn: (answers: Record<string, unknown>) => answerFirst(review.id, answers),
    onSuccess: onOpened,
  });
  return (
    <OwnDesk
      project={project}
      review={review}
      title={t("own.first_title")}
      note={t("own.first_note")}
      yes={t("own.first_yes")}
      answers={NOTHING_YET}
      busy={send.isPending}
      error={send.error && errorText(send.error)}
      covered={covered}
      onDone={send.mutate}
      onPage={onPage}
    />
  );
}
