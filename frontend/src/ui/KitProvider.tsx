import "@mantine/core/styles.css";

import {
  Badge,
  Button,
  createTheme,
  type CSSVariablesResolver,
  defaultVariantColorsResolver,
  MantineProvider,
  parseThemeColor,
  type VariantColorsResolver,
} from "@mantine/core";
import type { ReactNode } from "react";

/** The kit's own colours of words on a tint are too faint to read (3.3 : 1). */
const colours: VariantColorsResolver = (input) => {
  const found = defaultVariantColorsResolver(input);
  if (input.variant !== "light") return found;
  const { color, isThemeColor } = parseThemeColor({ color: input.color, theme: input.theme });
  if (!isThemeColor) return found;
  return {
    ...found,
    background: `var(--mantine-color-${color}-light)`,
    hover: `var(--mantine-color-${color}-light-hover)`,
    color: `color-mix(in srgb, var(--mantine-color-${color}-9) 70%, black)`,
  };
};

const theme = createTheme({
  primaryColor: "ink",
  primaryShade: 8,
  defaultRadius: "md",
  black: "#23262b",
  variantColorResolver: colours,
  components: {
    // A word of state is never cut, however narrow its column.
    Badge: Badge.extend({
      defaultProps: { variant: "light", tt: "none" },
      styles: { root: { minWidth: "max-content" } },
    }),
    Button: Button.extend({ defaultProps: { fw: 550 } }),
  },
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

/** The kit's own dimmed grey is too faint to read on white (3.3 : 1). */
const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "var(--ink-soft)" },
  dark: {},
});

/** Django puts the page's nonce here; Mantine's style elements need it. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}

declare global {
  /** Where the kit's scroll lock looks for the nonce of its own style elements. */
  var __webpack_nonce__: string | undefined;
}

globalThis.__webpack_nonce__ = styleNonce();

/** The component kit of the lead's pages. The annotator's page never loads it. */
export function KitProvider({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      forceColorScheme="light"
      getStyleNonce={styleNonce}
    >
      {children}
    </MantineProvider>
  );
}
