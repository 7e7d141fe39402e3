import { useEffect } from "react";

import { anyBusy, useAllUploads } from "./uploads";

/** Lets the browser ask before the tab is closed while an upload is under way. */
export function UploadGuard() {
  const busy = anyBusy(useAllUploads());
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [busy]);
  return null;
}
