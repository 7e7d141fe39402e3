import { diffWordsWithSpace } from "diff";
import { useTranslation } from "@/i18n/useTranslation";

/** One text with what came and what went against another, word by word. */
export default function Difference({ before, after }: { before: string; after: string }) {
  const { t, i18n } = useTranslation("learning");
  // Where words stand without spaces between them, the browser knows them.
  const words = new Intl.Segmenter(i18n.language, { granularity: "word" });
  const parts = diffWordsWithSpace(before, after, { intlSegmenter: words });
  return (
    <>
      {parts.map(({ value, added, removed }, index) => {
        if (added) return <ins key={index} aria-label={t("changed.added")}>{value}</ins>;
        if (removed) return <del key={index} aria-label={t("changed.removed")}>{value}</del>;
        return <span key={index}>{value}</span>;
      })}
    </>
  );
}
