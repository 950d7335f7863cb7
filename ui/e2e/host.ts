// The program behind the window, for a test file: the host on a free port, with a database that lives as long as it.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";

const root = new URL("../..", import.meta.url).pathname;

export interface Host {
  url: string;
  /** Asks the program itself, past the window. */
  rpc<T = unknown>(name: string, args: unknown): Promise<T>;
}

export const test = base.extend<{ app: Page }, { host: Host; fresh: boolean; own: string }>({
  /** Each test file names itself, and so has a host of its own. Without it, files share one, one after the other. */
  own: ["", { option: true, scope: "worker" }],
  /** The first start is still to come; otherwise it is over, and no test meets it. */
  fresh: [false, { option: true, scope: "worker" }],
  host: [
    async ({ fresh }, use) => {
      const folder = mkdtempSync(join(tmpdir(), "presell-e2e-"));
      const { child, url } = await started(join(folder, "presell.db"));
      if (!fresh) await rpc(url, "finish_first_start", {});
      await use({ url, rpc: (name, args) => rpc(url, name, args) });
      child.kill("SIGTERM");
      await new Promise((resolve) => child.once("exit", resolve));
      rmSync(folder, { recursive: true, force: true });
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

function started(database: string): Promise<{ child: ChildProcess; url: string }> {
  const path = process.env.PRESELL_HOST ?? join(root, "target/debug/presell-host");
  const child = spawn(path, ["serve", "--database", database, "--ui", join(root, "ui/dist")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`The host ended with ${code} before it said its address.`)));
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const url = /https?:\/\/\S+/.exec(line)?.[0];
      if (url) resolve({ child, url: url.replace("localhost", "127.0.0.1") });
    });
  });
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

export { expect, type Page };
