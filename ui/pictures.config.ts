import { defineConfig } from "@playwright/test";
import base from "./playwright.config";

/** Pictures of every page for the documentation: `cargo xtask pictures`. */
export default defineConfig({
  ...base,
  testDir: "../tests/pictures",
  projects: [{ name: "pictures", testMatch: "*.ts" }],
  workers: 1,
});
