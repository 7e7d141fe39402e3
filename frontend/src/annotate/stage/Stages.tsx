import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useItemView } from "@/annotate/context";
import type { Images } from "@/annotate/queue/imageCache";
import type { Lens } from "@/image/geometry";
import { useBesideNames } from "@/questions/beside";
import { focusedStep } from "@/questions/steps";
import { Button } from "@/ui/desk/Button";
import { Waiting } from "@/ui/desk/Empty";
import { alignIn, ImageGrid } from "@/ui/desk/ImageGrid";

import { BesideStage } from "./BesideStage";
import type { Measured } from "./Difference";
import { isCloser, type Look, soleOf } from "./look";
import { LookBar } from "./LookBar";
import { BesideName, PlaceName } from "./PlaceName";
import { anchorOf, placesOf } from "./places";
import { Readout } from "./Readout";
import { Stage } from "./Stage";
import styles from "./Stages.module.css";

const FLICKER_MS = 450;

/** The item's images, in the order drawn by the server, and how they are looked at. */
export function Stages({ images, onRetry }: { images: Images | null; onRetry: () => void }) {
  const { t } = useTranslation("annotate");
  const { open, looking } = useItemView();
  const { order } = open.assignment.shown;
  const { beside } = open.assignment.item;
  const names = useBesideNames(beside);
  const look = useLook();
  const onPainted = useArming(images);
  const sole = useSole(look);
  const isHidden = (place: number) => sole !== null && sole !== place;
  const [measured, setMeasured] = useState<Measured | null>(null);

  const onLens = useCallback(
    (place: number, lens: Lens) => looking.do({ type: "lens", place, lens }),
    [looking],
  );

  if (!images) return <Waiting>{t("loading_images")}</Waiting>;
  const places = placesOf(open.assignment);
  const [, otherPlace] = look.pair;
  const other = look.mode === "difference" ? (images[places[otherPlace] ?? ""] ?? null) : null;
  const missing = (
    <div className={styles.missing} role="alert">
      <p>{t("image_missing")}</p>
      <p>{t("image_missing_hint")}</p>
      <Button onClick={onRetry}>↻</Button>
    </div>
  );
  const shared = (place: number, column: number) => ({
    place,
    look,
    align: sole === null ? alignIn(places.length, column) : 0.5,
    against: sole === null || sole === place ? other : null,
    onMeasured: setMeasured,
    onLens,
    onPainted,
  });
  return (
    <div className={styles.area}>
      <LookBar look={look} />
      <ImageGrid count={places.length} stacked={sole !== null} surround={look.surround}>
        {beside.map(({ id }, column) => {
          const place = order.length + column;
          const image = images[id];
          const name = names[column] ?? "";
          return (
            <figure key={id} className={styles.figure} data-hidden={isHidden(place) || undefined}>
              {image ? (
                <BesideStage name={name} image={image} {...shared(place, column)} />
              ) : (
                missing
              )}
              <BesideName name={name} place={place} look={look} />
            </figure>
          );
        })}
        {order.map((letter, place) => {
          const image = images[letter];
          return (
            <figure key={place} className={styles.figure} data-hidden={isHidden(place) || undefined}>
              {image ? (
                <Stage letter={letter} image={image} {...shared(place, beside.length + place)} />
              ) : (
                missing
              )}
              {order.length > 1 && <PlaceName place={place} letter={letter} look={look} />}
            </figure>
          );
        })}
        <Readout look={look} measured={other && measured} />
      </ImageGrid>
    </div>
  );
}

/** How the item is looked at; what follows from that for the item, and from the item for that. */
function useLook(): Look {
  const { open, dispatch, looking } = useItemView();
  const look = useSyncExternalStore(looking.subscribe, looking.snapshot);
  const { assignment } = open;
  const { id, shown } = assignment;
  useLayoutEffect(
    () => looking.at(id, placesOf(assignment), anchorOf(assignment)),
    [looking, id, assignment],
  );
  useEffect(() => {
    // What this item is looked at with: what was drawn may be the item before it.
    if (isCloser(looking.snapshot())) dispatch({ type: "zoomed" });
  }, [look, id, looking, dispatch]);
  // Where one image fills the stage, it is the one that is asked about.
  const asked = shown.order.indexOf(focusedStep(open)?.letter ?? "");
  useEffect(() => {
    if (asked >= 0) looking.do({ type: "front", place: asked });
  }, [looking, asked, id]);
  return look;
}

/** Which images of an item are on the screen. */
interface Painted {
  readonly id: string;
  readonly urls: ReadonlySet<string>;
}

/** Arms the item once all of its images are painted; what each image calls when it is. */
function useArming(images: Images | null): (url: string) => void {
  const { open, dispatch } = useItemView();
  const { id } = open.assignment;
  const [painted, setPainted] = useState<Painted>({ id, urls: new Set() });
  const paintedAt = useRef(0);
  const ready = placesOf(open.assignment).every((key) => {
    const image = images?.[key];
    return image && painted.id === id && painted.urls.has(image.url);
  });
  useEffect(() => {
    if (ready && !open.armed) dispatch({ type: "armed", id, paintedAt: paintedAt.current });
  }, [ready, open.armed, dispatch, id]);
  return useCallback(
    (url) => {
      paintedAt.current = Date.now();
      setPainted((before) => ({ id, urls: new Set([...(before.id === id ? before.urls : []), url]) }));
    },
    [id],
  );
}

/** The one image that is seen, if not all are; the two take turns while the flicker is held. */
function useSole(look: Look): number | null {
  const [turn, setTurn] = useState<0 | 1>(0);
  const { flickering, pair } = look;
  useEffect(() => {
    if (!flickering) return;
    const timer = setInterval(() => setTurn((before) => (before === 0 ? 1 : 0)), FLICKER_MS);
    return () => clearInterval(timer);
  }, [flickering]);
  return flickering ? pair[turn] : soleOf(look);
}
