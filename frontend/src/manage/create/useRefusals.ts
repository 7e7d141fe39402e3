import { ApiError } from "@/api/client";
import { useReason } from "@/i18n/reason";

/** What the server says against each field that was sent, in words; empty where it says nothing. */
export function useRefusals(error: unknown): ReadonlyMap<string, string> {
  const say = useReason();
  const fields = error instanceof ApiError ? error.fields : {};
  return new Map(Object.entries(fields).map(([path, reason]) => [path, say(reason)]));
}

const QUESTIONS = "questions.";

/** Of these, what is about one of the questions: by its place and field. */
export function ofQuestions(refusals: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...refusals]
      .filter(([path]) => path.startsWith(QUESTIONS))
      .map(([path, text]) => [path.slice(QUESTIONS.length), text]),
  );
}
