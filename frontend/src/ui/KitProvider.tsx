import "@mantine/core/styles.css";

import { createTheme, MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";

const theme = createTheme({
  primaryColor: "ink",
  primaryShade: 8,
  defaultRadius: "md",
  fontFamily: "var(--font)",
  fontFamilyMonospace: "var(--mono)",
  colors: {
    ink: [
      "#f3f4f5",
      "#e4e6e9",
      "#cbcfd5",
      "#aeb4bd",
      "#8f97a3",
      "#727b88",
      "#5c636d",
      "#434952",
      "#2b2f35",
      "#1d2024",
    ],
  },
});

/** Django puts the page's nonce here; Mantine's style elements need it. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}

/** The component kit of the lead's pages. The annotator's page never loads it. */
export function KitProvider({ children }: { children: ReactNode }) {
  return (
    <MantineProvider theme={theme} forceColorScheme="light" getStyleNonce={styleNonce}>
      {children}
    </MantineProvider>
  );
}
