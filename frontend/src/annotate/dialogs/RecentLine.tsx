import { type ReactNode, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Sent } from "@/annotate/outbox/store";

import styles from "./RecentLine.module.css";

/** One of the last answers: its images, when it was given, how it fares, what one can do. */
export function RecentLine({
  answer,
  state,
  mood,
  detail,
  children,
}: {
  answer: Pick<Sent, "at" | "prompt" | "thumbnails">;
  state: string;
  mood: string;
  detail?: string;
  children?: ReactNode;
}) {
  const { i18n } = useTranslation("annotate");
  const time = new Date(answer.at).toLocaleTimeString(i18n.language, { hour12: false });
  return (
    <li className={styles.line}>
      <span className={styles.thumbnails}>
        {answer.thumbnails.slice(0, 2).map((url) => (
          <Thumbnail key={url} url={url} />
        ))}
      </span>
      <span className={styles.text}>
        <span className={styles.prompt}>{answer.prompt}</span>
        <small data-mood={mood}>
          {time} · {state}
          {detail && ` · ${detail}`}
        </small>
      </span>
      {children}
    </li>
  );
}

/** Without a network an image may be missing: its place stays, and no sign of what is broken. */
function Thumbnail({ url }: { url: string }) {
  const [missing, setMissing] = useState(false);
  if (missing) return <span className={styles.missing} />;
  return (
    <img src={url} alt="" width={40} height={40} loading="lazy" onError={() => setMissing(true)} />
  );
}
