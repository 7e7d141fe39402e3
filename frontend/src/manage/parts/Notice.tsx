import { Alert, type AlertProps } from "@mantine/core";

type Colour = "red" | "orange" | "yellow" | "gray";

interface Props extends Omit<AlertProps, "color" | "styles" | "variant"> {
  color: Colour;
}

/** A pale box with a title in plain ink: the kit's own are loud, and their titles hard to read. */
export function Notice({ color, ...props }: Props) {
  return (
    <Alert
      styles={{
        root: {
          background: `var(--mantine-color-${color}-0)`,
          border: `1px solid var(--mantine-color-${color}-2)`,
        },
        title: { color: "var(--ink)" },
      }}
      {...props}
    />
  );
}
