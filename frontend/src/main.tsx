import "@/ui/theme.css";

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { askAhead } from "@/app/ahead";
import { App } from "@/app/App";
import { queries } from "@/app/queries";
import { startI18n } from "@/i18n";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

await Promise.all([startI18n(), askAhead(queries, window.location.pathname)]);
createRoot(root).render(
  <StrictMode>
    <App queries={queries} />
  </StrictMode>,
);
