/** Which of a project's questions an item is asked: they come in versions. */

import type { Question } from "./kind";

interface Asking {
  readonly questions: readonly Question[];
  readonly former_questions: readonly Question[];
}

/** All that the project asks or ever asked, in order. */
export function everAsked({ questions, former_questions }: Asking): readonly Question[] {
  return inOrder([...questions, ...former_questions]);
}

/** What a version of the questions asks, in order. */
export function askedBy(all: readonly Question[], version: number): readonly Question[] {
  const asked = ({ since, until }: Question) =>
    since <= version && (until === null || version < until);
  return inOrder(all.filter(asked));
}

/** The project as it asks about an item of this version. */
export function asksItem<Project extends Asking>(project: Project, version: number): Project {
  return { ...project, questions: askedBy(everAsked(project), version) };
}

function inOrder(questions: readonly Question[]): readonly Question[] {
  return [...questions].sort((one, other) => one.position - other.position);
}
