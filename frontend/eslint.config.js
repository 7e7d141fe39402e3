import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

const KIT = { regex: "^@mantine/", message: "The component kit is for the lead's pages only." };

/** What may not be imported from a folder: the house's layers, top to bottom. */
function wall(folder, forbidden, extra = []) {
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            { regex: "^\\.\\./", message: "Leave a folder by @/, so that the walls can be seen." },
            {
              regex: "^react-router$",
              importNames: ["Link", "NavLink"],
              message: "Take it from @/ui/Link: react-router's brings its forms and prefetching along.",
            },
            ...forbidden.map((other) => ({
              regex: `^@/${other}(/|$)`,
              message: `${folder} may not import ${other}.`,
            })),
            ...extra,
          ],
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ["dist/", "node_modules/", "src/api/schema.d.ts"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  reactHooks.configs.flat["recommended-latest"] ?? reactHooks.configs.flat.recommended,
  {
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-invalid-void-type": ["error", { allowAsThisParameter: true }],
      "@typescript-eslint/no-misused-promises": [
        "error",
        { checksVoidReturn: { attributes: false } },
      ],
      eqeqeq: "error",
      "no-console": "error",
    },
  },
  wall("app", [], [KIT]),
  wall("annotate", ["app", "review", "manage"], [KIT]),
  wall("review", ["app", "annotate", "manage"]),
  wall("manage", ["app", "annotate", "review"]),
  wall("questions", ["app", "annotate", "review", "manage"], [KIT]),
  wall("image", ["app", "annotate", "review", "manage", "questions", "api"], [KIT]),
  wall("api", ["app", "annotate", "review", "manage", "questions", "image"], [KIT]),
  wall("ui", ["app", "annotate", "review", "manage", "questions", "image", "api"]),
  wall("i18n", ["app", "annotate", "review", "manage", "questions", "image", "api", "ui"], [KIT]),
  { files: ["eslint.config.js"], ...tseslint.configs.disableTypeChecked },
);
