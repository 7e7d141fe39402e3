import { useTranslation } from "@/i18n/useTranslation";

import { useItemView } from "@/annotate/context";
import { isWhole, showsPixels } from "@/image/geometry";
import { useBesideNames } from "@/questions/beside";
import { keepFocus } from "@/ui/desk/Button";
import { KeyCap } from "@/ui/desk/KeyCap";

import type { Measured } from "./Difference";
import { lensAt, type Look, soleOf } from "./look";
import styles from "./Readout.module.css";

/** How what is on the stage differs from the images as a whole; a press goes back to that. */
export function Readout({ look, measured }: { look: Look; measured: Measured | null }) {
  const { t } = useTranslation("annotate");
  const { dispatch } = useItemView();
  const zoom = useZoomText(look);
  const difference = useDifferenceText(look, measured);
  const whole = isWhole(look.lens) && Object.values(look.own).every(isWhole);
  if (zoom === null && difference === null) return null;
  return (
    <div className={styles.readout}>
      <span role="status">{[difference, zoom].filter(Boolean).join(" · ")}</span>
      {!whole && (
        <button
          type="button"
          className={styles.whole}
          onPointerDown={keepFocus}
          onClick={() => dispatch({ type: "look", action: { type: "whole" } })}
        >
          <KeyCap command="zoom_whole" />
          {t("reset_zoom")}
        </button>
      )}
    </div>
  );
}

/** How many device pixels an image pixel takes, and whether these are smoothed. */
function useZoomText(look: Look): string | null {
  const { t } = useTranslation("annotate");
  const { looking } = useItemView();
  const changed = Object.entries(look.own).find(([, lens]) => !isWhole(lens))?.[0];
  const place = soleOf(look) ?? Number(changed ?? 0);
  const lens = lensAt(look, place);
  const view = looking.viewOf(place);
  if (!view || isWhole(lens)) return null;
  const devicePixels = view.scale * window.devicePixelRatio;
  const size =
    lens.scale === undefined
      ? t("look.percent", { percent: Math.round(100 * devicePixels) })
      : t("look.exact", { pixels: Math.round(devicePixels) });
  const smoothed = !showsPixels(view, lens, window.devicePixelRatio);
  if (smoothed) return lens.scale === undefined ? `${size} · ${t("look.smoothed")}` : size;
  return `${size} · ${t("look.pixels")}`;
}

function useDifferenceText(look: Look, measured: Measured | null): string | null {
  const { t, i18n } = useTranslation("annotate");
  const { item, shown } = useItemView().open.assignment;
  const names = useBesideNames(item.beside);
  const count = shown.order.length;
  if (look.mode !== "difference") return null;
  // Left and right of two that are alone on the stage, else by number.
  const alone = count === 2 && item.beside.length === 0;
  const sides = alone ? ([t("look.left"), t("look.right")] as const) : [];
  const [one, other] = look.pair.map(
    (place) => sides[place] ?? names[place - count] ?? place + 1,
  );
  const name = t(look.luminance ? "look.luminance_of" : "look.difference_of", { one, other });
  if (!measured) return name;
  if (measured.largest === 0) return `${name}: ${t("look.same")}`;
  const number = (value: number) =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: value < 10 ? 2 : 0 }).format(value);
  const largest = number(measured.largest);
  const figures = t("look.figures", { largest, mean: number(measured.mean) });
  return `${name} ×${look.gain} · ${figures}`;
}
