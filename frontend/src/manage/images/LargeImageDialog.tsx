import { Button, Group, Modal, Text } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { type Lens, MAX_MAGNIFICATION, type Size, WHOLE } from "@/image/geometry";
import { ImageStage } from "@/image/ImageStage";

import styles from "./images.module.css";

export interface ShownImage {
  id: string;
  url: string;
  /** What the image is called here: its generator, its letter. */
  name: string;
  /** What stands below it. */
  caption?: ReactNode;
}

interface Props {
  title: string;
  images: readonly ShownImage[];
  /** What the images were made for; part of what they are called for who can't see them. */
  prompt: string;
  onClose: () => void;
  /** What is known of them, below. */
  children?: ReactNode;
}

/** Images side by side in full size under one lens, and what is known of them. */
export function LargeImageDialog({ title, images, prompt, onClose, children }: Props) {
  const { t } = useTranslation("metrics");
  const [lens, setLens] = useState(WHOLE);
  return (
    <Modal opened onClose={onClose} title={title} size="min(1100px, 94vw)" centered>
      <div className={styles.stages}>
        {images.map((image) => (
          <figure key={image.id} className={styles.figure}>
            <Stage image={image} prompt={prompt} lens={lens} onLens={setLens} />
            {(images.length > 1 || image.caption !== undefined) && (
              <figcaption className={styles.caption}>
                <Text span size="sm" fw={600}>
                  {image.name}
                </Text>
                {image.caption}
              </figcaption>
            )}
          </figure>
        ))}
      </div>
      <Group justify="space-between" mt="xs" gap="xs">
        <Zoom lens={lens} onLens={setLens} />
        <Group gap="xs">
          {images.map((image) => (
            <Text
              key={image.id}
              component="a"
              href={image.url}
              target="_blank"
              rel="noreferrer"
              size="xs"
              c="dimmed"
            >
              {images.length === 1
                ? t("image.file")
                : t("image.file_of", { name: image.name })}
            </Text>
          ))}
        </Group>
      </Group>
      {prompt !== "" && (
        <Text size="sm" mt="sm" className={styles.prompt ?? ""}>
          {prompt}
        </Text>
      )}
      {children}
    </Modal>
  );
}

interface StageProps {
  image: ShownImage;
  prompt: string;
  lens: Lens;
  onLens: (lens: Lens) => void;
}

function Stage({ image, prompt, lens, onLens }: StageProps) {
  const { t } = useTranslation("metrics");
  const size = useNaturalSize(image.url);
  const label = prompt === "" ? image.name : `${image.name}: ${prompt}`;
  return (
    <div className={styles.stage}>
      {size === "broken" ? (
        <p className={styles.broken}>{t("image.broken")}</p>
      ) : (
        size && (
          <ImageStage
            image={{ url: image.url, ...size }}
            label={label}
            lens={lens}
            onLens={onLens}
          />
        )
      )}
    </div>
  );
}

/** Width and height of the file itself: not every answer of the server names them. */
function useNaturalSize(url: string): Size | "broken" | null {
  const [found, setFound] = useState<{ url: string; size: Size | "broken" } | null>(null);
  useEffect(() => {
    let current = true;
    const image = new Image();
    image.src = url;
    image.decode().then(
      () => {
        const size = { width: image.naturalWidth, height: image.naturalHeight };
        if (current) setFound({ url, size });
      },
      () => {
        if (current) setFound({ url, size: "broken" });
      },
    );
    return () => {
      current = false;
    };
  }, [url]);
  return found?.url === url ? found.size : null;
}

/** For who has no wheel; by mouse the stage itself zooms and moves. */
function Zoom({ lens, onLens }: { lens: Lens; onLens: (lens: Lens) => void }) {
  const { t } = useTranslation("metrics");
  const by = (factor: number) => {
    const magnification = Math.min(MAX_MAGNIFICATION, lens.magnification * factor);
    onLens(magnification <= 1 ? WHOLE : { ...lens, magnification });
  };
  return (
    <Group gap={6}>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t("image.closer")}
        disabled={lens.magnification >= MAX_MAGNIFICATION}
        onClick={() => by(2)}
      >
        +
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={t("image.further")}
        disabled={lens.magnification <= 1}
        onClick={() => by(0.5)}
      >
        −
      </Button>
      <Text size="xs" c="dimmed">
        {t("image.hint")}
      </Text>
    </Group>
  );
}
