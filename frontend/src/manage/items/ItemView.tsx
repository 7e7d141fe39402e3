import { Stack } from "@mantine/core";
import { useState } from "react";

import type { Schemas } from "@/api/client";
import { flawsOf } from "@/questions/layers/answers";
import { ALL_SHOWN, type LayerView } from "@/questions/layers/layers";

import { AnswerTable } from "./AnswerTable";
import { ImportedAnswers } from "./ImportedAnswers";
import { ItemImages } from "./ItemImages";
import { LayerBar } from "./LayerBar";
import type { DetailedItem, Move } from "./queries";
import { ReviewerAnswers } from "./ReviewerAnswers";

interface Props {
  project: Schemas["Project"];
  item: DetailedItem;
  onMove: (move: Move) => void;
}

/** The images with what was marked on them, and everybody's answers below. */
export function ItemView({ project, item, onMove }: Props) {
  const [layers, setLayers] = useState<LayerView>(ALL_SHOWN);
  const flaws = flawsOf(project.questions);
  const standing = item.answers.filter((answer) => answer.stands);
  const named = standing.map(({ annotator, answers }) => ({ annotator: annotator.name, answers }));
  return (
    <Stack gap="md" miw={0}>
      <ItemImages item={item} questions={project.questions} annotations={named} layers={layers}>
        {flaws.length > 0 && named.length > 0 && (
          <LayerBar project={project} names={named.map((one) => one.annotator)} flaws={flaws} layers={layers} onLayers={setLayers} images={item.images.length} />
        )}
      </ItemImages>
      <AnswerTable project={project} item={item} onMove={onMove} />
      <ImportedAnswers project={project} item={item} />
      <ReviewerAnswers project={project} item={item} />
    </Stack>
  );
}
