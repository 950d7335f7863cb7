import { defineConfig } from "@playwright/test";
import type { Options } from "./e2e/host";

/** What a merchandiser's day is made of; whatever else there is asks the database nothing that these do not. */
const ON_BOTH = /(journey|pipeline|catalog|purchasing)\.spec\.ts/;
/** Several computers on one database. */
const TOGETHER = /together\.spec\.ts/;

/** Journeys of the window on the real core: each test file has a host and a database of its own (e2e/host.ts). */
export default defineConfig<object, Options>({
  testDir: "../tests/e2e",
  outputDir: "../target/e2e",
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 2,
  forbidOnly: true,
  reporter: [["list"]],
  projects: [
    { name: "sqlite", testIgnore: TOGETHER, use: { database: "sqlite" } },
    // Needs a server: cargo xtask postgres npx playwright test
    {
      name: "postgres",
      testMatch: [ON_BOTH, TOGETHER],
      // What a page looks like is no matter of the database.
      grepInvert: /nobody out|nobody is shut out/,
      use: { database: "postgres" },
    },
  ],
  use: {
    viewport: { width: 1280, height: 860 },
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    launchOptions: {
      executablePath: process.env.PRESELL_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
