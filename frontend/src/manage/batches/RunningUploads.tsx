import { Anchor, Button, Group, Paper, Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "@/i18n/useTranslation";

import { ApiError } from "@/api/client";
import { useErrorText } from "@/api/errorText";
import { useFormat } from "@/manage/parts/useFormat";
import { batchesQuery } from "@/manage/queries";
import { isBusy } from "@/manage/upload/runner";
import { dismiss, type Upload, useUploads } from "@/manage/upload/uploads";
import { Link } from "@/ui/Link";

/** Uploads of this tab, each until its batch is through: from then on the table tells of it. */
export function RunningUploads({ project }: { project: number }) {
  const { data: batches } = useQuery(batchesQuery(project));
  const uploads = useUploads(project);
  const shown = uploads.filter(({ state }) => {
    if (state.kind !== "finished") return true;
    const batch = batches?.find(({ id }) => id === state.batch);
    return batch?.state === "requested" || batch?.state === "running";
  });
  return shown.map((upload) => <UploadRow key={upload.key} upload={upload} />);
}

function UploadRow({ upload }: { upload: Upload }) {
  const { t } = useTranslation("manage");
  const { state, filename, sent, size } = upload;
  const colour = state.kind === "refused" ? "red" : state.kind === "finished" ? "green" : "blue";
  return (
    <Paper withBorder radius="md" p="md">
      <Stack gap={8}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" fw={600} truncate>
            {filename}
          </Text>
          <Group gap="xs" wrap="nowrap">
            <Actions upload={upload} />
          </Group>
        </Group>
        <Progress
          value={(100 * sent) / size}
          color={colour}
          animated={state.kind === "sending"}
          aria-label={filename}
        />
        <Text
          size="xs"
          role="status"
          {...(state.kind === "refused" || state.kind === "waiting" ? { c: "red.8" } : { c: "dimmed" })}
        >
          <Words upload={upload} />
          {state.kind === "finished" && (
            <>
              {" "}
              <Anchor component={Link} to={`/projects/${upload.project}/batches/${state.batch}`} fz="xs" underline="always">
                {t("batches.open")}
              </Anchor>
            </>
          )}
        </Text>
      </Stack>
    </Paper>
  );
}

function Actions({ upload }: { upload: Upload }) {
  const { t } = useTranslation("manage");
  const { state } = upload;
  const small = { size: "compact-sm", variant: "default" } as const;
  return (
    <>
      {isBusy(state) && state.kind !== "creating" && (
        <Button {...small} onClick={upload.pause}>
          {t("batches.pause")}
        </Button>
      )}
      {state.kind === "paused" && (
        <Button {...small} onClick={upload.resume}>
          {t("batches.resume")}
        </Button>
      )}
      {state.kind === "refused" && (
        <Button {...small} onClick={upload.resume}>
          {t("batches.again")}
        </Button>
      )}
      {!isBusy(state) && (
        <Button {...small} onClick={() => dismiss(upload.key)}>
          {t("batches.dismiss")}
        </Button>
      )}
    </>
  );
}

/** What the upload is doing, in words. */
function Words({ upload }: { upload: Upload }) {
  const { t } = useTranslation("manage");
  const format = useFormat();
  const errorText = useErrorText();
  const { state, sent, size, rate } = upload;
  const far = t("batches.sent", { sent: format.bytes(sent), size: format.bytes(size) });
  switch (state.kind) {
    case "creating":
      return t("batches.creating");
    case "locating":
      return t("batches.locating");
    case "waiting":
      return `${t("batches.waiting", { duration: format.duration(state.delayMs) })} ${far}`;
    case "paused":
      return `${t("batches.paused")} · ${far}`;
    case "finished":
      return t("batches.finished");
    case "refused":
      return state.code === "file_gone"
        ? t("batches.file_gone")
        : errorText(new ApiError(400, state.code, state.message));
    case "sending": {
      if (rate === null || rate <= 0) return far;
      const duration = format.duration((1000 * (size - sent)) / rate);
      return `${far} · ${t("batches.left", { duration })}`;
    }
  }
}
