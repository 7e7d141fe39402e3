import { useEffect, useState } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { Button } from "./Button";
import { useCommandTable } from "./CommandTable";
import { capOf, type Command } from "./commands";
import styles from "./KeyEditor.module.css";
import {
  choosable,
  idOf,
  isModifier,
  type Keymap,
  type Keys,
  keyOf,
  refusalOf,
  remapped,
  textOf,
} from "./keymap";

export interface KeySets {
  readonly names: readonly string[];
  readonly chosen: string;
  readonly titleOf: (name: string) => string;
}

interface Props {
  /** The desk's commands in each state that it can be in, with their usual keys. */
  tables: readonly (readonly Command[])[];
  groups: readonly { readonly name: string; readonly title: string }[];
  labelOf: (command: Command) => string;
  keymap: Keymap;
  sets: KeySets;
  /** Why the last choice could not be kept. */
  failure: string | null;
  onSet: (name: string) => void;
  onKeys: (own: Keys) => void;
  onDone: () => void;
}

/** Chooses the key of each command: press it, then the new key. */
export function KeyEditor(props: Props) {
  const { tables, groups, labelOf, keymap, sets, failure, onSet, onKeys, onDone } = props;
  const { t } = useTranslation("learning");
  const { layout } = useCommandTable();
  const [asking, setAsking] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const commands = everyOf(tables);
  const shown = everyOf(tables.map((table) => remapped(table, keymap)));

  useNextKey(asking !== null, (key) => {
    if (asking === null) return;
    if (key === null) {
      setAsking(null);
      return;
    }
    const refusal = refusalOf(tables, keymap, asking, key);
    const cap = capOf(keyOf(key), layout);
    if (refusal?.why === "kept") setRefused(t("keys.kept", { key: cap }));
    else if (refusal) setRefused(t("keys.taken", { key: cap, command: labelOf(refusal.by) }));
    else {
      setRefused(null);
      setAsking(null);
      onKeys({ ...keymap.own, [asking]: key });
    }
  });

  return (
    <>
      <div className={styles.sets} role="group" aria-label={t("keys.sets")}>
        {sets.names.map((name) => (
          <Button
            key={name}
            chosen={sets.chosen === name}
            aria-pressed={sets.chosen === name}
            onClick={() => onSet(name)}
          >
            {sets.titleOf(name)}
          </Button>
        ))}
      </div>
      <p className={styles.refusal} role="alert">
        {refused ?? failure ?? (asking === null ? "" : t("keys.press"))}
      </p>
      <div className={styles.columns}>
        {groups.map(({ name, title }) => {
          const lines = commands.filter(({ group }) => group === name);
          if (lines.length === 0) return null;
          return (
            <section key={name} className={styles.group} aria-label={title}>
              <h3>{title}</h3>
              {lines.map((command) => {
                const id = idOf(command);
                const label = labelOf(command);
                const key = shown.find((one) => idOf(one) === id)?.keys[0];
                const cap = key ? capOf(key, layout) : t("keys.none");
                return (
                  <div key={id} className={styles.line}>
                    <span>{label}</span>
                    <Button
                      chosen={asking === id}
                      aria-label={t("keys.change", { command: label, key: cap })}
                      onClick={() => {
                        setRefused(null);
                        setAsking(id);
                      }}
                    >
                      {asking === id ? "…" : cap}
                    </Button>
                  </div>
                );
              })}
            </section>
          );
        })}
      </div>
      <div className={styles.foot}>
        <Button disabled={Object.keys(keymap.own).length === 0} onClick={() => onKeys({})}>
          {t("keys.reset")}
        </Button>
        <Button look="go" onClick={onDone}>
          {t("keys.done")}
        </Button>
      </div>
    </>
  );
}

/** Each command whose key can be chosen once, from whichever table it is in. */
function everyOf(tables: readonly (readonly Command[])[]): readonly Command[] {
  const found = new Map<string, Command>();
  for (const command of tables.flatMap(choosable)) {
    if (!found.has(idOf(command))) found.set(idOf(command), command);
  }
  return [...found.values()];
}

/** Calls with the next key before anything else hears it; null for Escape. */
function useNextKey(listening: boolean, heard: (key: string | null) => void): void {
  useEffect(() => {
    if (!listening) return;
    const down = (event: KeyboardEvent) => {
      if (isModifier(event.code) || event.repeat) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      heard(event.code === "Escape" ? null : textOf({ code: event.code, shift: event.shiftKey }));
    };
    window.addEventListener("keydown", down, { capture: true });
    return () => window.removeEventListener("keydown", down, { capture: true });
  });
}
