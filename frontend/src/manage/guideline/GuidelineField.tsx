import { Button, FileButton, Group, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, asForm, server, within } from "@/api/client";
import { Failed } from "@/manage/parts/states";
import { Markdown } from "@/ui/markdown/Markdown";

interface Props {
  /** Whose images it shows; null: the project is not there yet. */
  project: number | null;
  value: string;
  onChange: (text: string) => void;
}

/** A guideline while it is written: Markdown with images, and how it will look. */
export function GuidelineField({ project, value, onChange }: Props) {
  const { t } = useTranslation("learning");
  const [view, setView] = useState("write");
  const writing = view === "write";
  return (
    <Stack gap={6}>
      <Group justify="space-between">
        <Text size="sm" fw={500} aria-hidden="true">
          {t("guideline.label")}
        </Text>
        <SegmentedControl
          size="xs"
          value={view}
          onChange={setView}
          data={[
            { value: "write", label: t("guideline.write") },
            { value: "preview", label: t("guideline.preview") },
          ]}
        />
      </Group>
      {writing ? (
        <Textarea
          aria-label={t("guideline.label")}
          description={t("guideline.help")}
          value={value}
          rows={9}
          data-autofocus
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      ) : value.trim() === "" ? (
        <Text size="sm" c="dimmed">
          {t("guideline.nothing")}
        </Text>
      ) : (
        <Markdown text={value} />
      )}
      {project === null ? (
        <Text size="xs" c="dimmed">
          {t("guideline.after")}
        </Text>
      ) : (
        <AddImage
          project={project}
          onAdded={(url) =>
            onChange(`${value.trimEnd()}\n\n![${t("guideline.image")}](${url})\n`.trimStart())
          }
        />
      )}
    </Stack>
  );
}

function AddImage({ project, onAdded }: { project: number; onAdded: (url: string) => void }) {
  const { t } = useTranslation("learning");
  const send = useMutation({
    mutationFn: (file: File) =>
      answer(
        server.POST("/projects/{project_id}/guideline/images", {
          params: { path: { project_id: project } },
          body: { file: file.name },
          bodySerializer: () => asForm({ file }),
          fetch: within(120_000),
        }),
      ),
    onSuccess: ({ url }) => onAdded(url),
  });
  return (
    <>
      <FileButton
        accept="image/png,image/jpeg,image/webp"
        onChange={(file) => file && send.mutate(file)}
      >
        {(props) => (
          <Button {...props} size="compact-sm" variant="default" w="fit-content" loading={send.isPending}>
            {t("guideline.add_image")}
          </Button>
        )}
      </FileButton>
      {send.isError && <Failed error={send.error} />}
    </>
  );
}
