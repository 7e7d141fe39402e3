import type { ReactNode, SubmitEvent } from "react";

import styles from "./Form.module.css";

interface Props {
  onSubmit: (form: FormData) => void;
  children: ReactNode;
}

/** Fields under each other; what they hold is read when the form is sent. */
export function Form({ onSubmit, children }: Props) {
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {children}
    </form>
  );
}

/** What is wrong; there from the start, so that it is read out when it comes. */
export function Problem({ children }: { children: ReactNode }) {
  return (
    <p className={styles.problem} role="alert">
      {children}
    </p>
  );
}

export function Hint({ children }: { children: ReactNode }) {
  return <p className={styles.hint}>{children}</p>;
}

/** A field's text. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : "";
}
