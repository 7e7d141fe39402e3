import { useQuestionText } from "@/i18n/questionText";
import { useProject } from "@/manage/frame/ProjectFrame";
import { everAsked } from "@/questions/asked";

/** A question's title by its key; the key itself for one that is not asked any more. */
export function useQuestionTitles(): (key: string) => string {
  const project = useProject();
  const { title } = useQuestionText(project.template);
  return (key) => {
    const question = everAsked(project).find(({ id }) => id === key);
    return question ? title(question) : key;
  };
}
