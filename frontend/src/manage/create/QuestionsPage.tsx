import { Anchor, Button, Group, List, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ComponentType, Suspense, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { answer, type Schemas, server } from "@/api/client";
import { useProject } from "@/manage/frame/ProjectFrame";
import { Notice } from "@/manage/parts/Notice";
import { PageHead, Section } from "@/manage/parts/Section";
import { Failed, Loaded, Loading } from "@/manage/parts/states";
import { projectQuery, templatesQuery } from "@/manage/queries";
import { useQuestionText } from "@/i18n/questionText";
import type { PreviewProps } from "@/questions/preview";
import { Link } from "@/ui/Link";

import { Composer } from "./Composer";
import styles from "./Composer.module.css";
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
  if (project.template !== "custom") return <ReadyQuestions project={project} Preview={Preview} />;
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

interface ReadyProps {
  project: Schemas["Project"];
  Preview: ComponentType<PreviewProps>;
}

/** What a ready template asks, to be read and tried; it is the same in every project. */
function ReadyQuestions({ project, Preview }: ReadyProps) {
  const { t } = useTranslation("composing");
  const templates = useQuery(templatesQuery);
  return (
    <>
      <PageHead title={t("title")} />
      <Text size="sm" c="dimmed" mb="md" maw={760}>
        {t("ready")}{" "}
        <Anchor component={Link} to="/projects/new" inherit underline="always">
          {t("ready_own")}
        </Anchor>
      </Text>
      <Loaded query={templates}>
        {(all) => {
          const { min = 1, max = 1 } = all.find(({ name }) => name === project.template)?.images ?? {};
          return (
            <div className={styles.composer} data-wide>
              <Asked project={project} images={max} />
              <div className={styles.preview}>
                <Suspense fallback={<Loading rows={4} />}>
                  <Preview questions={project.questions} template={project.template} fewest={min} most={max} />
                </Suspense>
              </div>
            </div>
          );
        }}
      </Loaded>
    </>
  );
}

function Asked({ project, images }: { project: Schemas["Project"]; images: number }) {
  const { t } = useTranslation("app");
  const { title, help } = useQuestionText(project.template, images);
  return (
    <Section title={t(`templates.${project.template}`)}>
      <List type="ordered" size="sm" spacing="xs">
        {project.questions.map((question) => (
          <List.Item key={question.id}>
            {title(question)}
            <Text size="xs" c="dimmed">
              {[help(question), question.id].filter(Boolean).join(" · ")}
            </Text>
          </List.Item>
        ))}
      </List>
    </Section>
  );
}
