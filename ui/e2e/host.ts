// The program behind the window, for a test file: the host on a free port, with a database that lives as long as it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Locator, type Page } from "@playwright/test";
import { hostProgram, root, type Program } from "./program";

export interface Host {
  url: string;
  /** Asks the program itself, past the window. */
  rpc<T = unknown>(name: string, args: unknown): Promise<T>;
}

export interface Options {
  /** Each test file names itself, and so has a host of its own. Without it, files share one, one after the other. */
  own: string;
  /** The first start is still to come; otherwise it is over, and no test meets it. */
  fresh: boolean;
  /** What kind of database the files of a project run on. */
  database: "sqlite" | "postgres";
}

interface Worker extends Options {
  /** Where the data lives: empty at first, gone afterwards. */
  place: string;
  /** What each person has beside it: the demo shops and their access. */
  belongings: string;
  host: Host;
  /** Another computer on the same data. Started only where a test asks for it. */
  other: Host;
}

export const test = base.extend<{ app: Page }, Worker>({
  own: ["", { option: true, scope: "worker" }],
  fresh: [false, { option: true, scope: "worker" }],
  database: ["sqlite", { option: true, scope: "worker" }],
  place: [
    async ({ database }, use) => {
      if (database === "postgres") {
        const lent = await hostProgram(["lend"]);
        await use(lent.line);
        return lent.end();
      }
      const folder = mkdtempSync(join(tmpdir(), "presell-e2e-"));
      await use(join(folder, "presell.db"));
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  belongings: [
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "presell-e2e-own-"));
      await use(folder);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  host: [
    async ({ place, belongings, fresh }, use) => {
      const { program, host } = await serving(place, belongings);
      if (!fresh) await host.rpc("finish_first_start", {});
      await use(host);
      await program.end();
    },
    { scope: "worker" },
  ],
  other: [
    async ({ place, belongings, host }, use) => {
      expect(host.url, "the first computer is there before the second").toBeTruthy();
      const other = await serving(place, belongings);
      await use(other.host);
      await other.program.end();
    },
    { scope: "worker" },
  ],
  /** The window, open; a fault in its script fails the test. */
  app: async ({ page, host }, use) => {
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(host.url);
    await use(page);
    expect(faults, "the window's script must not fail").toEqual([]);
  },
});

async function serving(place: string, belongings: string): Promise<{ program: Program; host: Host }> {
  const env = { PRESELL_DATA: belongings };
  const program = await hostProgram(["serve", "--database", place, "--ui", join(root, "ui/dist")], env);
  const url = program.line.replace("localhost", "127.0.0.1");
  return { program, host: { url, rpc: (name, args) => rpc(url, name, args) } };
}

async function rpc<T>(url: string, name: string, args: unknown): Promise<T> {
  const response = await fetch(new URL(`/rpc/${name}`, url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(args),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${name}: ${text}`);
  return JSON.parse(text) as T;
}

const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** No rule of accessibility is broken, in light and in dark. */
export async function accessible(page: Page, what: string) {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page })
      .withTags(tags)
      .options({ rules: { "color-contrast": { enabled: true } } })
      .analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
    expect(found, `${what}, ${colorScheme}: nobody is shut out`).toEqual([]);
  }
}

/** At 200 % and 400 % nothing has to be scrolled sideways. */
export async function fits(page: Page, what: string) {
  for (const width of [640, 320]) {
    await page.setViewportSize({ width, height: 860 });
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, `${what}: a window of ${width} px must not scroll sideways`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 860 });
}

export { expect, type Locator, type Page };
