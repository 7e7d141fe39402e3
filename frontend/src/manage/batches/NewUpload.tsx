import {
  Button,
  FileButton,
  Group,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type DragEvent, type SyntheticEvent, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import type { Schemas } from "@/api/client";
import { Notice } from "@/manage/parts/Notice";
import { Section } from "@/manage/parts/Section";
import { useFormat } from "@/manage/parts/useFormat";
import { batchesQuery, templatesQuery } from "@/manage/queries";
import { startUpload } from "@/manage/upload/uploads";

import styles from "./NewUpload.module.css";
import { fileProblem, nameFor, type Pairs, pairsParameter } from "./choice";
import { Elsewhere } from "./Elsewhere";
import { PairsChoice } from "./PairsChoice";
import { StepInput } from "./StepInput";
import { WhatToUpload } from "./WhatToUpload";

export function NewUpload({ project }: { project: Schemas["Project"] }) {
  const { t } = useTranslation("manage");
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<"wrong_kind" | "empty_file" | null>(null);
  const take = (chosen: File | null) => {
    if (!chosen) return;
    const found = fileProblem(chosen);
    setProblem(found);
    setFile(found === null ? chosen : null);
  };
  return (
    <Section title={t("batches.upload_title")}>
      {file ? (
        <Details key={file.name} project={project} file={file} onDone={() => setFile(null)} />
      ) : (
        <>
          <DropArea onFile={take} />
          <Elsewhere project={project} />
        </>
      )}
      {problem && (
        <Notice color="red" role="alert">
          {t(`batches.${problem}`)}
        </Notice>
      )}
      <WhatToUpload />
    </Section>
  );
}

function DropArea({ onFile }: { onFile: (file: File | null) => void }) {
  const { t } = useTranslation("manage");
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    onFile(event.dataTransfer.files[0] ?? null);
  };
  const drag = (event: DragEvent) => {
    event.preventDefault();
    setOver(true);
  };
  return (
    <div
      className={styles.drop}
      data-over={over || undefined}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Text size="sm">{over ? t("batches.drop_now") : t("batches.drop")}</Text>
      <FileButton onChange={onFile} accept=".zip,.jsonl,.csv,.parquet,.json,.tar,.tfrecord" inputProps={{ "aria-label": t("batches.choose") }}>
        {(props) => (
          <Button {...props} variant="default">
            {t("batches.choose")}
          </Button>
        )}
      </FileButton>
    </div>
  );
}

interface DetailsProps {
  project: Schemas["Project"];
  file: File;
  onDone: () => void;
}

function Details({ project, file, onDone }: DetailsProps) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const client = useQueryClient();
  const { data: templates } = useQuery(templatesQuery);
  const [name, setName] = useState(nameFor(file.name));
  const compares = (templates?.find((one) => one.name === project.template)?.images.max ?? 2) > 1;
  const [pairs, setPairs] = useState<Pairs>(project.template === "mps" ? "all" : "none");
  const [count, setCount] = useState(3);
  const [step, setStep] = useState<number | null>(null);
  const start = (event: SyntheticEvent) => {
    event.preventDefault();
    startUpload({
      project: project.id,
      file,
      batch: {
        name: name.trim(),
        filename: file.name,
        size: file.size,
        pairs: compares ? pairsParameter(pairs, count) : null,
        step,
      },
      resume: null,
      onFinished: () => void client.invalidateQueries({ queryKey: batchesQuery(project.id).queryKey }),
    });
    onDone();
  };
  return (
    <form onSubmit={start}>
      <Stack gap="sm">
        <Text size="sm">
          <b>{file.name}</b> · {format.bytes(file.size)}
        </Text>
        <Group align="flex-end" gap="sm">
          <TextInput
            label={t("batches.name")}
            value={name}
            maxLength={200}
            required
            w={280}
            data-autofocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {compares && (
            <PairsChoice pairs={pairs} count={count} onPairs={setPairs} onCount={setCount} />
          )}
          <StepInput step={step} onStep={setStep} />
        </Group>
        <Group gap="xs">
          <Button type="submit">{t("batches.start")}</Button>
          <Button variant="default" onClick={onDone}>
            {t("cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
