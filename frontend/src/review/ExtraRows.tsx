import type { ReactNode } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Review, ReviewedAnnotation } from "./queries";
import { useSeconds } from "./useSeconds";

interface Props {
  review: Review;
  column: (place: number) => string | undefined;
}

/** How long each annotator took. */
export function Times(props: Props) {
  const { t } = useTranslation("review");
  const seconds = useSeconds();
  return (
    <ExtraRow
      {...props}
      title={t("time")}
      cell={({ active_ms: ms }) => (ms === null ? "–" : seconds(ms))}
    />
  );
}

/** In which order each of them saw the images. */
export function Orders(props: Props) {
  const { t } = useTranslation("review");
  return <ExtraRow {...props} title={t("shown")} cell={({ shown }) => shown.order.join(" ")} />;
}

function ExtraRow({
  review,
  column,
  title,
  cell,
}: Props & { title: string; cell: (annotation: ReviewedAnnotation) => ReactNode }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      {review.annotations.map((annotation, place) => (
        <td key={annotation.id} className={column(place)}>
          {cell(annotation)}
        </td>
      ))}
    </tr>
  );
}
