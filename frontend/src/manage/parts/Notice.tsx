import { Alert, type AlertProps } from "@mantine/core";

/** A coloured box with a title in plain ink: the kit's coloured titles are hard to read. */
export function Notice(props: AlertProps) {
  return <Alert variant="light" styles={{ title: { color: "var(--ink)" } }} {...props} />;
}
