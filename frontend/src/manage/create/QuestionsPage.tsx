import { Button, Group, List, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ComponentType, useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, server } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Notice } from "@/manage/parts/Notice";
import { PageHead } from "@/manage/parts/Section";
import { Empty, Failed } from "@/manage/parts/states";
import { projectQuery } from "@/manage/queries";
import { useQuestionText } from "@/i18n/questionText";
import type { PreviewProps } from "@/questions/preview";

import { Composer } from "./Composer";
import { draftsOf, toQuestion } from "./drafts";
import { ofQuestions, useRefusals } from "./useRefusals";

/** What a custom project asks: its words at any time, other questions as a new version. */
export function QuestionsPage({ Preview }: { Preview: ComponentType<PreviewProps> }) {
  const { t } = useTranslation("composing");
  const project = useProject();
  const client = useQueryClient();
  const { title } = useQuestionText(project.template);
  const [drafts, setDrafts] = useState(() => draftsOf(project.questions));
  const save = useMutation({
    mutationFn: () =>
      answer(
        server.PATCH("/projects/{project_id}", {
          params: { path: { project_id: project.id } },
          body: { questions: drafts.map((draft, place) => toQuestion(draft, place, drafts)) },
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(projectQuery(project.id).queryKey, saved);
      setDrafts(draftsOf(saved.questions));
    },
  });
  const refusals = useRefusals(save.error);
  if (project.template !== "custom") return <Empty title={t("ready")} />;
  return (
    <>
      <PageHead title={`${t("title")}, ${t("version", { number: project.asked })}`} />
      <Text size="sm" c="dimmed" mb="md" maw={760}>
        {t("rule", { next: project.asked + 1 })}
      </Text>
      <Composer
        key={save.submittedAt}
        drafts={drafts}
        onChange={setDrafts}
        refusals={ofQuestions(refusals)}
        // Before the first upload there is nothing that anybody could have begun.
        begun={(project.items ?? 0) > 0}
        Preview={Preview}
      />
      <Group mt="md" align="center">
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          {t("save")}
        </Button>
      </Group>
      {save.isError && <Failed error={save.error} />}
      {save.isSuccess && (
        <Notice color="gray" role="status">
          {t("saved", { number: save.data.asked })}
        </Notice>
      )}
      {project.former_questions.length > 0 && (
        <>
          <Text size="sm" fw={550} mt="lg">
            {t("former")}
          </Text>
          <List size="sm">
            {project.former_questions.map((question) => (
              <List.Item key={question.id}>
                {title(question)} ({question.id})
              </List.Item>
            ))}
          </List>
        </>
      )}
    </>
  );
}
