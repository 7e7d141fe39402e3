import { useEffect, useState } from "react";

import type { StageImage } from "./ImageStage";

/**
 * The address to paint: the image's own, and once its exact pixels are wanted and here, theirs.
 *
 * They stay for as long as the image does; until they are here, the copy stands in for them.
 */
export function useExact({ url, exactUrl }: StageImage, requested: boolean): string {
  const [here, setHere] = useState<string | null>(null);
  const loads = requested && exactUrl !== undefined && exactUrl !== here;
  useEffect(() => {
    if (!loads) return;
    let current = true;
    const element = new Image();
    element.src = exactUrl;
    element.decode().then(
      () => current && setHere(exactUrl),
      // The copy stays; asked for again with the next look.
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [loads, exactUrl]);
  return exactUrl !== undefined && here === exactUrl ? exactUrl : url;
}
