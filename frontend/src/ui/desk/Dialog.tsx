import { type ReactNode, useEffect, useId, useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import styles from "./Dialog.module.css";

/** Marks the field of a dialog that has the focus from the start. */
export const FOCUS_FIRST = { "data-focus-first": true } as const;

/** A modal over the desk. `onClose` null: it stays until what it asks is done. */
export function Dialog({
  title,
  onClose,
  wide,
  children,
}: {
  title: string;
  onClose: (() => void) | null;
  wide?: boolean;
  children: ReactNode;
}) {
  const close = useTranslation("app").t("close");
  const id = useId();
  const box = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element || element.open) return;
    element.showModal();
    // Without a field that wants the focus, reading begins at the title.
    const first = element.querySelector<HTMLElement>("[data-focus-first]");
    (first ?? heading.current)?.focus();
  }, []);
  return (
    <dialog
      ref={box}
      className={`${styles.dialog} ${wide ? styles.wide : ""}`}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
      onClick={(event) => event.target === box.current && onClose?.()}
    >
      <div className={styles.body}>
        <header className={styles.head}>
          <h2 id={id} ref={heading} tabIndex={-1}>{title}</h2>
          {onClose && (
            <button type="button" className={styles.close} aria-label={close} onClick={onClose}>
              ×
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  );
}

export function DialogText({ children }: { children: ReactNode }) {
  return <p className={styles.text}>{children}</p>;
}
