import type { ReactNode } from "react";

import { useCommandTable } from "./CommandTable";
import { capOf, type Command, type Layout } from "./commands";
import { Dialog, DialogText } from "./Dialog";
import { Cap } from "./KeyCap";
import styles from "./KeyHelp.module.css";

interface Group {
  readonly name: string;
  readonly title: string;
  /** Lines that are no commands: gestures. */
  readonly more?: ReactNode;
}

interface Props {
  title: string;
  text?: string;
  groups: readonly Group[];
  labelOf: (command: Command) => string;
  /** What stands before a key that acts while it is held. */
  hold: string;
  onClose: () => void;
  /** What can be done about the keys. */
  children?: ReactNode;
}

/** Every key that does something now, from the same table that the keyboard obeys. */
export function KeyHelp({ title, text, groups, labelOf, hold, onClose, children }: Props) {
  const { commands, layout } = useCommandTable();
  return (
    <Dialog wide title={title} onClose={onClose}>
      <div className={styles.help}>
        {groups.map(({ name, title: heading, more }) => {
          const lines = linesOf(commands.filter(({ group }) => group === name), labelOf);
          if (lines.size === 0) return null;
          return (
            <section key={name}>
              <h3>{heading}</h3>
              <dl>
                {[...lines].map(([label, alike]) => (
                  <HelpLine key={label} caps={<Caps alike={alike} layout={layout} hold={hold} />}>
                    {label}
                  </HelpLine>
                ))}
                {more}
              </dl>
            </section>
          );
        })}
      </div>
      {text !== undefined && <DialogText>{text}</DialogText>}
      {children}
    </Dialog>
  );
}

export function HelpLine({ caps, children }: { caps: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{caps}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Commands that are called the same share a line. */
function linesOf(
  commands: readonly Command[],
  labelOf: (command: Command) => string,
): Map<string, Command[]> {
  const lines = new Map<string, Command[]>();
  for (const command of commands) {
    const label = labelOf(command);
    lines.set(label, [...(lines.get(label) ?? []), command]);
  }
  return lines;
}

function Caps({
  alike,
  layout,
  hold,
}: {
  alike: readonly Command[];
  layout: Layout;
  hold: string;
}) {
  const caps = alike
    .flatMap(({ keys }) => keys)
    .filter(({ code }, place) => place === 0 || !code.startsWith("Numpad"))
    .map((key) => capOf(key, layout));
  const isRun = alike.length > 2;
  return (
    <>
      {alike[0]?.release !== undefined && <small>{hold} </small>}
      {(isRun ? caps.slice(0, 1) : caps).map((cap) => (
        <Cap key={cap}>{cap}</Cap>
      ))}
      {isRun && (
        <>
          –<Cap>{caps.at(-1)}</Cap>
        </>
      )}
    </>
  );
}
