import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { type Choice, nextReviewQuery, type Review, undo, withFirst, without } from "./queries";

/** The reviews that this reviewer holds: the present one, and the next ones fetched ahead. */
export function useReviewQueue(project: number, choice: Choice) {
  const client = useQueryClient();
  const options = nextReviewQuery(project, choice);
  const query = useQuery(options);
  const [last, setLast] = useState<number | null>(null);
  const reviews = query.data?.reviews;
  useEffect(() => decodeAhead(reviews?.slice(1) ?? []), [reviews]);

  /** The present one is done with: the next one is there at once, and more are fetched behind. */
  const goOn = async (review: number, canUndo: boolean) => {
    // An answer under way may still hold the one that is done with.
    await client.cancelQueries({ queryKey: options.queryKey });
    client.setQueryData(options.queryKey, (next) => next && without(next, review));
    setLast(canUndo ? review : null);
    void client.refetchQueries({ queryKey: options.queryKey });
  };
  const takeBack = useMutation({
    mutationFn: async () => {
      if (last === null) return;
      const review = await undo(last);
      await client.cancelQueries({ queryKey: options.queryKey });
      client.setQueryData(options.queryKey, (next) => next && withFirst(next, review));
    },
    onSettled: () => setLast(null),
  });
  /** A review whose answers have come takes the place of the one without them. */
  const opened = (review: Review) =>
    client.setQueryData(options.queryKey, (next) => next && withFirst(next, review));
  const startAgain = () => void client.resetQueries({ queryKey: options.queryKey });
  return { query, last, goOn, takeBack, opened, startAgain };
}

/** Has the browser fetch and decode the images of reviews that come next. */
function decodeAhead(reviews: readonly Review[]): () => void {
  const images = reviews.flatMap(({ item }) =>
    item.images.map(({ url }) => {
      const image = new Image();
      image.src = url;
      void image.decode().catch(() => undefined);
      return image;
    }),
  );
  // They are let go of when others are next.
  return () => images.splice(0);
}
