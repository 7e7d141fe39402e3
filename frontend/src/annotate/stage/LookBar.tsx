import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "@/i18n/useTranslation";

import { useItemView } from "@/annotate/context";
import { keepFocus } from "@/ui/desk/Button";
import { useCommandTable } from "@/ui/desk/CommandTable";
import { capOf } from "@/ui/desk/commands";

import type { LookName } from "./commands";
import { Icon, type IconName } from "./Icon";
import type { Look, LookAction } from "./look";
import { placesOf } from "./places";
import styles from "./LookBar.module.css";

/** All ways of looking more closely, as buttons: for the hand that has no keyboard. */
export function LookBar({ look }: { look: Look }) {
  const { t } = useTranslation("annotate");
  const { open } = useItemView();
  const several = placesOf(open.assignment).length > 1;
  const { mode } = look;
  const exact = (look.lens.scale ?? 0) * window.devicePixelRatio;
  return (
    <div className={styles.bar} role="toolbar" aria-label={t("help.look")}>
      <Tool name="zoom_in" action={{ type: "zoom", by: 1 }} icon="plus" />
      <Tool name="zoom_out" action={{ type: "zoom", by: -1 }} icon="minus" />
      <Tool name="zoom_whole" action={{ type: "whole" }} icon="whole" />
      {[1, 2].map((pixels) => (
        <Tool
          key={pixels}
          name="exact"
          value={pixels}
          action={{ type: "exact", pixels }}
          on={Math.abs(exact - pixels) < 0.01}
        >
          {pixels}:1
        </Tool>
      ))}
      <Hold name="peek" icon="lens" on={look.peek !== null} />
      {several && (
        <>
          <Tool name="link" action={{ type: "link" }} icon={look.linked ? "linked" : "unlinked"} on={!look.linked} />
          <Tool name="swap" action={{ type: "swap" }} icon="swap" />
          <Hold name="flicker" icon="flicker" on={look.flickering} />
          <Tool name="enlarge" action={{ type: "enlarge" }} icon="enlarge" on={mode === "one"} />
          <Tool name="difference" action={{ type: "difference" }} icon="difference" on={mode === "difference"} />
          {mode === "difference" && (
            <Tool name="gain" action={{ type: "gain" }}>
              ×{look.gain}
            </Tool>
          )}
        </>
      )}
      <Tool name="surround" action={{ type: "surround" }} icon="surround" />
    </div>
  );
}

interface ButtonProps {
  name: LookName;
  value?: number;
  icon?: IconName;
  on?: boolean;
  children?: ReactNode;
}

function Tool({ name, value, icon, on, action, children }: ButtonProps & { action: LookAction }) {
  const { dispatch } = useItemView();
  const title = useTitle(name, value);
  return (
    <button
      type="button"
      className={styles.tool}
      title={title.long}
      aria-label={title.short}
      aria-pressed={on}
      onPointerDown={keepFocus}
      onClick={() => dispatch({ type: "look", action })}
    >
      {icon ? <Icon name={icon} /> : children}
    </button>
  );
}

/** Acts for as long as it is held down. */
function Hold({ name, icon, on }: ButtonProps & { name: "peek" | "flicker"; icon: IconName }) {
  const { dispatch } = useItemView();
  const title = useTitle(name);
  const held = useRef(false);
  const hold = (now: boolean) => {
    if (held.current === now) return;
    held.current = now;
    dispatch({ type: "look", action: { type: name, held: now } });
  };
  const letGo = useRef(hold);
  useEffect(() => {
    letGo.current = hold;
  });
  // The item may go while it is held.
  useEffect(() => () => letGo.current(false), []);
  return (
    <button
      type="button"
      className={styles.tool}
      title={title.long}
      aria-label={title.short}
      aria-pressed={on}
      onPointerDown={(event) => {
        keepFocus(event);
        event.currentTarget.setPointerCapture(event.pointerId);
        hold(true);
      }}
      onPointerUp={() => hold(false)}
      onPointerCancel={() => hold(false)}
      onContextMenu={keepFocus}
      onKeyDown={({ code }) => (code === "Space" || code === "Enter") && hold(true)}
      onKeyUp={() => hold(false)}
      onBlur={() => hold(false)}
    >
      <Icon name={icon} />
    </button>
  );
}

function useTitle(name: LookName, value?: number): { short: string; long: string } {
  const { t } = useTranslation("annotate");
  const { commands, layout } = useCommandTable();
  const short = t(`commands.${name}`, { value: value ?? "", question: "" });
  const key = commands.find((one) => one.name === name && one.value === value)?.keys[0];
  return { short, long: key ? `${short} (${capOf(key, layout)})` : short };
}
