// A real OpenID provider (`oidc-provider`, certified): node provider.mjs PORT SITE PEOPLE.json
// Whoever is in PEOPLE.json, which is read anew each time, signs in with any password.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [port, site, people] = process.argv.slice(2);

const packages = createRequire(new URL("../../frontend/package.json", import.meta.url));
const { Provider } = await import(pathToFileURL(packages.resolve("oidc-provider")).href);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "triptych",
      client_secret: "known to both",
      redirect_uris: [`${site}/api/v1/auth/openid/callback`],
      post_logout_redirect_uris: [`${site}/sign-in`],
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ["sub"], profile: ["name", "preferred_username", "groups"], email: ["email"] },
  cookies: { keys: ["of a test"] },
  findAccount: (_context, id) => {
    const found = JSON.parse(readFileSync(people, "utf-8"))[id];
    return found && { accountId: id, claims: () => ({ sub: id, ...found }) };
  },
});

provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
