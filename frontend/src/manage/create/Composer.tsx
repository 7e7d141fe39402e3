import { Button, VisuallyHidden } from "@mantine/core";
import { type ComponentType, Suspense, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Loading } from "@/manage/parts/states";
import type { PreviewProps } from "@/questions/preview";

import styles from "./Composer.module.css";
import { type Draft, imageBounds, moved, newDraft, toPreview, withChange } from "./drafts";
import { DraftCard } from "./DraftCard";

interface Props {
  drafts: readonly Draft[];
  onChange: (drafts: Draft[]) => void;
  /** What the server says against a field of a question, by its place: `0.title`. */
  refusals: ReadonlyMap<string, string>;
  /** Somebody has begun, so what is asked otherwise is another question. */
  begun: boolean;
  Preview: ComponentType<PreviewProps>;
}

/** Questions in their order, one of them open, and beside them the desk that asks them. */
export function Composer({ drafts, onChange, refusals, begun, Preview }: Props) {
  const { t } = useTranslation("composing");
  const [open, setOpen] = useState<number | null>(() => drafts[0]?.key ?? null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [message, setMessage] = useState("");

  const add = () => {
    const made = newDraft(drafts);
    onChange([...drafts, made]);
    setOpen(made.key);
  };
  const move = (from: number, to: number) => {
    if (to < 0 || to >= drafts.length || from === to) return;
    onChange(moved(drafts, from, to));
    setMessage(t("moved", { number: to + 1, count: drafts.length }));
  };
  return (
    <div className={styles.composer} data-wide>
      <div>
        <ol className={styles.list} aria-label={t("title")}>
          {drafts.map((draft, index) => (
            <DraftCard
              key={draft.key}
              draft={draft}
              drafts={drafts}
              number={index + 1}
              open={draft.key === open}
              refusals={refusals}
              dragged={draft.key === dragged}
              onOpen={() => setOpen(draft.key === open ? null : draft.key)}
              onChange={(more) => onChange(withChange(drafts, draft, more, begun))}
              onMove={(by) => move(index, index + by)}
              onRemove={() => onChange(drafts.filter((one) => one !== draft))}
              onDrag={(begins) => setDragged(begins ? draft.key : null)}
              onDragOver={() => {
                const from = drafts.findIndex(({ key }) => key === dragged);
                if (from !== -1) move(from, index);
              }}
            />
          ))}
        </ol>
        <Button variant="default" mt="sm" onClick={add}>
          {t("add")}
        </Button>
        <VisuallyHidden role="status">{message}</VisuallyHidden>
      </div>
      <div className={styles.preview}>
        <Suspense fallback={<Loading rows={4} />}>
          <Preview questions={toPreview(drafts)} {...imageBounds(drafts)} />
        </Suspense>
      </div>
    </div>
  );
}
