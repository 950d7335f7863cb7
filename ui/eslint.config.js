import svelte from "eslint-plugin-svelte";
import ts from "typescript-eslint";
import config from "./svelte.config.js";

/** Refuses imports from these folders of `src`, with the reason. */
const not = (folders, message) => ({
  "no-restricted-imports": [
    "error",
    {
      patterns: [
        { group: ["@tauri-apps/*"], message: "Only platform/tauri.ts knows Tauri." },
        ...(folders.length ? [{ group: folders.map((folder) => `**/${folder}/**`), message }] : []),
      ],
    },
  ],
});

export default [
  { ignores: ["dist", "src/generated"] },
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { parserOptions: { extraFileExtensions: [".svelte"], parser: ts.parser, svelteConfig: config } } },
  { files: ["**/*.svelte", "**/*.ts", "**/*.svelte.ts"], rules: not([], "") },
  {
    rules: {
      "svelte/no-at-html-tags": "error",
      // The content security policy forbids style attributes; a directive sets the property itself.
      "no-restricted-syntax": [
        "error",
        { selector: "SvelteAttribute[key.name='style']", message: "Use a scoped rule, or style:--name={…}." },
      ],
      // The registries of this app are not shown, so they need not be reactive.
      "svelte/prefer-svelte-reactivity": "off",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  // What may import what: components ← features ← pages. The tiers below know nothing of those above.
  {
    files: ["src/platform/**"],
    rules: not(["state", "components", "features", "pages"], "The platform is the lowest tier."),
  },
  { files: ["src/platform/tauri.ts"], rules: { "no-restricted-imports": "off" } },
  { files: ["src/state/**"], rules: not(["components", "features", "pages"], "State is below components.") },
  {
    files: ["src/components/**"],
    rules: not(["features", "pages", "platform", "generated"], "Components know no domain."),
  },
  { files: ["src/features/**"], rules: not(["pages"], "A feature does not know the page it is on.") },
];
