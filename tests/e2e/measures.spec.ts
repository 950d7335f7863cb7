// What can be measured on every page: its structure, other spacings, longer words, the other direction, stillness.
import { expect, test, type Host, type Page } from "../../ui/e2e/host";
import { cutOff, overlapping, sideways, SPACING, stillness, wordy } from "../../ui/e2e/measure";

test.use({ own: "measures" });

const REFRESH = "JOB_REL_PREODR_CAT";
const NAVIGATION = `
  - navigation "Pages":
    - link /Pipeline/
    - link "Pre-order"
    - link /Catalog/
    - link /Purchase orders/
    - link "Import"
    - link /Health/
    - link "Settings"`;
/** Where each page is, what of it is told last on a busy machine, and what stands on it: landmarks, headings, the main controls. */
const pages: Record<string, { at: string; ready: string; late?: string; holds: string }> = {
  Pipeline: {
    at: `pipeline?job=${REFRESH}`,
    ready: "Custom parameters",
    holds: `
  - heading "Pipeline" [level=1]
  - searchbox "Search jobs and runs"
  - button "Set up jobs"
  - tablist "Jobs and runs":
    - tab /Pending/ [selected]
    - tab /Running/
    - tab /History/
  - tabpanel "Pending":
    - group "Filters"
    - combobox "Group"
    - combobox "Sort by"
    - list
  - complementary "Selected job":
    - heading "Auto refresh pre-sell catalog" [level=2]
    - button "Run now"
    - button "Cancel job"`,
  },
  "Pre-order": {
    at: "pre-order",
    ready: "View catalog",
    holds: `
  - heading "Pre-order" [level=1]
  - region "Pre-sell catalog":
    - heading "Pre-sell catalog" [level=2]
    - group "Pre-sell catalog":
      - checkbox "Auto refresh pre-sell catalog" [checked]
      - combobox "Frequency of Auto refresh pre-sell catalog"
    - heading "View catalog" [level=3]
  - region "Pre-sell on Shopify"
  - region "More jobs"`,
  },
  Catalog: {
    at: "catalog",
    ready: "Coming in the next 8 weeks",
    holds: `
  - heading "Catalog" [level=1]
  - searchbox "SKU, title, purchase order"
  - button "Export"
  - button "Try a refresh"
  - figure /Coming in the next 8 weeks/
  - group "Lists"
  - group "Reasons"
  - table "Products"`,
  },
  "Purchase orders": {
    at: "purchase-orders",
    ready: "PO-10007",
    holds: `
  - heading "Purchase orders" [level=1]
  - searchbox "Order, SKU or product"
  - combobox "Sort"
  - link "Import a file"
  - group "Status"
  - table "Purchase orders"`,
  },
  Import: {
    at: "import",
    ready: "products.csv",
    holds: `
  - heading "Import" [level=1]
  - button "Choose a file"
  - region "Past imports":
    - heading "Past imports" [level=2]
    - table "Past imports"`,
  },
  Health: {
    at: "health",
    ready: "heard at once",
    late: "health_overview",
    holds: `
  - heading "Health" [level=1]
  - button "Pause all jobs"
  - list "Counters"
  - region "What needs you":
    - heading "What needs you" [level=2]
  - region "Machines":
    - table "Machines"`,
  },
  Settings: {
    at: "settings",
    ready: "Where the data lives",
    holds: `
  - heading "Settings" [level=1]
  - navigation "On this page"
  - region "Where the data lives":
    - heading "Where the data lives" [level=2]
  - region "Stores"`,
  },
};

test.beforeAll(async ({ host }) => {
  await host.rpc("add_sample_data", { refresh: true });
  await host.rpc("enable_job", { id: REFRESH });
});

async function opened(app: Page, host: Host, name: string) {
  await app.goto("about:blank");
  await app.goto(`${host.url}/#/${pages[name]!.at}`);
  await expect(app.getByText(pages[name]!.ready).first(), `${name} is there`).toBeVisible();
}

async function legible(app: Page, what: string) {
  for (const width of [1440, 1024, 640]) {
    await app.setViewportSize({ width, height: 860 });
    expect
      .soft(await sideways(app), `${what}, ${width} px: nothing has to be scrolled sideways`)
      .toBeLessThanOrEqual(0);
    expect.soft(await cutOff(app), `${what}, ${width} px: no text is cut off`).toEqual([]);
    expect.soft(await overlapping(app), `${what}, ${width} px: no text lies on another`).toEqual([]);
  }
}

for (const name of Object.keys(pages))
  test(`${name} keeps its structure, holds still, and bears other readers' settings`, async ({ app, host }) => {
    const moved = await stillness(app);
    if (pages[name]!.late)
      await app.route(`**/rpc/${pages[name]!.late}`, async (route) => {
        await new Promise((later) => setTimeout(later, 300));
        await route.continue();
      });
    await opened(app, host, name);
    await expect(app.getByRole("banner"), "all pages are in the navigation").toMatchAriaSnapshot(NAVIGATION);
    await expect(app.getByRole("main"), "what stands on the page").toMatchAriaSnapshot(pages[name]!.holds);
    await expect(app.locator("html"), "the language is named").toHaveAttribute("lang", /./);
    await app.unrouteAll({ behavior: "wait" });
    const load = await moved();
    // What the field calls good.
    expect.soft(load.by, `${name} hardly moves while it comes: ${load.what.join(" | ")}`).toBeLessThan(0.1);
    await host.rpc("run_job", { id: REFRESH });
    await expect.poll(async () => (await host.rpc<{ running: number }>("show_status", {})).running).toBe(0);
    const live = await moved();
    expect
      .soft(live.by - load.by, `${name} holds still while it is updated: ${live.what.join(" | ")}`)
      .toBeLessThan(0.02);

    await legible(app, name);
    // A sheet made by a script: the policy of the window lets no other in.
    await app.evaluate((css) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet];
    }, SPACING);
    await legible(app, `${name} with wide letters`);
    await app.evaluate(() => (document.adoptedStyleSheets = []));
    await app.evaluate(() => (document.documentElement.dir = "rtl"));
    await legible(app, `${name} from right to left`);
    await app.setViewportSize({ width: 1280, height: 860 });
    const [rail, main] = [await app.getByRole("banner").boundingBox(), await app.getByRole("main").boundingBox()];
    expect.soft(rail!.x, `${name} from right to left begins at the right`).toBeGreaterThan(main!.x);
    await app.evaluate(() => (document.documentElement.dir = "ltr"));
    await wordy(app);
    await legible(app, `${name} with longer words`);
  });

test("without colours, states are told by sign and word, and focus is seen", async ({ app, host }) => {
  await app.emulateMedia({ forcedColors: "active", contrast: "more" });
  await opened(app, host, "Pipeline");
  const state = app.getByRole("tabpanel").getByText("Finished").filter({ visible: true }).first();
  await expect(state, "the word is there").toBeVisible();
  await expect(state.locator("xpath=ancestor-or-self::*[.//*[local-name()='svg']][1]"), "and its sign").toBeVisible();
  for (const control of [
    app.getByRole("searchbox"),
    app.getByRole("button", { name: "Set up jobs" }),
    app.getByRole("link", { name: "Auto refresh pre-sell catalog", exact: true }),
    app.getByRole("combobox", { name: "Sort by" }),
  ]) {
    await control.focus();
    const seen = await control.evaluate((element) => {
      for (let one: Element | null = element; one && one.id !== "app"; one = one.parentElement) {
        const { outlineStyle, outlineWidth } = getComputedStyle(one);
        if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return true;
      }
      return false;
    });
    expect(seen, "a frame of two pixels shows where the focus is").toBe(true);
  }
  const same = await app.evaluate(() => {
    const style = getComputedStyle(document.documentElement);
    return style.getPropertyValue("--soft") === style.getPropertyValue("--text");
  });
  expect(same, "who wants more contrast gets no soft letters").toBe(true);
});
