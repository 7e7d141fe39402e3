import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import Rendered from "./Rendered";

const OWN = "/api/v1/guideline-images/0b0f6a34-5d1c-4a2e-9d6f-2f0d3c1b7a55";

function html(text: string): string {
  return renderToStaticMarkup(createElement(Rendered, { text }));
}

describe("Markdown", () => {
  it("renders headings, lists, emphasis and the site's own images", () => {
    expect(html(`# Arms\n\n- five *fingers*\n\n![an arm](${OWN})`)).toBe(
      `<h3>Arms</h3>\n<ul>\n<li>five <em>fingers</em></li>\n</ul>\n` +
        `<p><img src="${OWN}" alt="an arm" loading="lazy"/></p>`,
    );
  });

  it("lets no HTML, no script's address and no foreign image through", () => {
    const out = html(
      "Look. <script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) " +
        "![spy](https://example.org/a.png) ![q](/api/v1/images/1/file)",
    );

    expect(out).not.toMatch(/<script|<img|"javascript:|example\.org/);
    expect(out).toContain("&lt;script&gt;");
  });
});
