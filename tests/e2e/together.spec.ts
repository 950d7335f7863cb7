// Two computers, each with its own program and window, and the command line, on one PostgreSQL: what one changes the others
// show by themselves, and whoever saves second loses nothing.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test as base, type Host, type Locator, type Page } from "../../ui/e2e/host";
import { presell } from "../../ui/e2e/program";

/** The second computer's window, beside the first one's. */
const test = base.extend<{ theirs: Page }>({
  theirs: async ({ browser, contextOptions, other }, use) => {
    const context = await browser.newContext(contextOptions);
    const page = await context.newPage();
    await page.goto(other.url);
    await use(page);
    await context.close();
  },
});

test.use({ own: "together" });

const REFRESH = "JOB_REL_PREODR_CAT";
const NAME = "Auto refresh pre-sell catalog";
const day = (away: number) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);
/** As the pages write a day. */
const shown = (day: string) =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(new Date(day));
const pane = (page: Page, name: string) => page.getByRole("complementary", { name });
const notice = (page: Page, text: string | RegExp) => page.getByRole("status").filter({ hasText: text });

/** Both windows at the same place, and marked: a page that is loaded anew has no mark. */
async function both(ours: [Page, Host], theirs: [Page, Host], place: string) {
  for (const [page, { url }] of [ours, theirs]) {
    await page.goto(`${url}/#/${place}`);
    await page.evaluate(() => (document.documentElement.dataset.mark = "here"));
  }
}

/** Does something here, waits until it is seen there, and tells how long that took; a second is what we promise. */
async function seen(what: string, there: Page, doIt: () => Promise<unknown>, look: (page: Page) => Promise<unknown>) {
  const began = performance.now();
  await Promise.all([look(there).then(() => told(what, performance.now() - began)), doIt()]);
  await expect(there.locator("html"), `${what}: nobody has to load the page again`).toHaveAttribute(
    "data-mark",
    "here",
  );
}
const told = (what: string, ms: number) => console.log(`${what}: seen elsewhere after ${Math.round(ms)} ms`);

/** Watches each frame, so that no pause between two looks is measured. */
const shows = (css: string, text: string) => (page: Page) =>
  page.waitForFunction(
    ([css, text]) =>
      [...document.querySelectorAll(css!)].some((one) =>
        (one instanceof HTMLInputElement ? one.value : (one.textContent ?? "")).includes(text!),
      ),
    [css, text],
    { polling: "raf" },
  );

async function order(host: Host, code: string) {
  const path = join(mkdtempSync(join(tmpdir(), "presell-together-")), "orders.csv");
  const line = `${code},1,COAT,40,${day(30)},EAST,Y`;
  writeFileSync(path, `po_id,line_no,sku,quantity,arrival_date,facility,is_new\n${line}\n`);
  await host.rpc("import_file", { kind: "purchase-orders", path, confirm: true, create: true });
}

test("a frequency that is saved here is there at once, from the command line too", async ({
  app,
  host,
  theirs,
  other,
  place,
}) => {
  await host.rpc("enable_job", { id: REFRESH, setting: { every: "EVERY_15_MIN" } });
  await both([app, host], [theirs, other], `pipeline?job=${REFRESH}`);
  const frequency = (page: Page) => pane(page, "Selected job").getByLabel("Frequency", { exact: true });
  for (const page of [app, theirs])
    await expect(frequency(page), "both windows begin with the same").toHaveValue("EVERY_15_MIN");
  await frequency(app).selectOption({ label: "Hourly" });
  await seen("a frequency", theirs, () => app.keyboard.press("Control+s"), shows("#list li", "Hourly"));
  const save = () => presell(place, "job", "save", REFRESH, "--every", "EVERYDAY");
  await Promise.all([
    seen("a frequency from the command line, its start included", theirs, save, shows("#list li", "Every day")),
    shows("#list li", "Every day")(app),
  ]);
});

test("a tick on Pre-order is there at once, and so is its undo", async ({ app, host, theirs, other }) => {
  await host.rpc("disable_job", { id: REFRESH }).catch(() => "it is off");
  await both([app, host], [theirs, other], "pre-order");
  const box = (page: Page) => page.getByRole("checkbox", { name: NAME });
  const ticked = (is: boolean) => (page: Page) =>
    page.waitForFunction(
      ([name, is]) =>
        [...document.querySelectorAll<HTMLInputElement>("input[type=checkbox]")].some(
          (box) => box.labels?.[0]?.textContent?.includes(name as string) && box.checked === is,
        ),
      [NAME, is],
      { polling: "raf" },
    );
  await expect(box(theirs), "off on both").not.toBeChecked();
  await seen("a tick", theirs, () => box(app).check(), ticked(true));
  const undo = notice(app, /first run/).getByRole("button", { name: "Undo" });
  await seen("its undo", theirs, () => undo.click(), ticked(false));
});

test("a line's date that is changed here is there at once", async ({ app, host, theirs, other }) => {
  await order(host, "PO-1");
  await both([app, host], [theirs, other], "purchase-orders?po=PO-1&line=1");
  const date = (page: Page) => pane(page, "Purchase order").locator("input[type=date]");
  await expect(date(theirs), "the other window shows the line").toHaveValue(day(30));
  await date(app).fill(day(44));
  await seen("a date", theirs, () => app.keyboard.press("Control+s"), shows("input[type=date]", day(44)));
});

/** Both save at the same moment; who came second, and who came first. */
async function race(ours: Page, theirs: Page, conflict: (page: Page) => Locator): Promise<[Page, Page]> {
  await Promise.all([ours, theirs].map((page) => page.keyboard.press("Control+s")));
  const second = (page: Page, first: Page) =>
    conflict(page)
      .waitFor({ timeout: 30_000 })
      .then((): [Page, Page] => [page, first]);
  return Promise.any([second(ours, theirs), second(theirs, ours)]);
}

test("of two who save the same job at the same moment, neither loses a value", async ({ app, host, theirs, other }) => {
  await host.rpc("enable_job", { id: REFRESH, setting: { every: "EVERY_15_MIN" } });
  await both([app, host], [theirs, other], `pipeline?job=${REFRESH}`);
  const job = (page: Page) => pane(page, "Selected job");
  const wanted = new Map([
    [app, "Hourly"],
    [theirs, "Every day"],
  ]);
  for (const [page, often] of wanted) {
    const frequency = job(page).getByLabel("Frequency", { exact: true });
    await expect(frequency, "both begin with the same").toHaveValue("EVERY_15_MIN");
    await frequency.selectOption({ label: often });
    await expect(job(page).getByText(`Every 15 minutes → ${often}`), "each has a change of their own").toBeVisible();
  }
  const conflict = (page: Page) => job(page).getByRole("alert").filter({ hasText: "Somebody else changed this job" });
  const [second, first] = await race(app, theirs, conflict);
  await expect(notice(first, "Saved"), "who came first has saved").toBeVisible();
  const values = [wanted.get(first)!, wanted.get(second)!];
  await expect(conflict(second).getByRole("row", { name: /Frequency/ }), "both values are shown").toContainText(
    new RegExp(values.join(".*")),
  );
  await conflict(second).getByRole("button", { name: "Keep the rest of mine" }).click();
  await expect(job(second).getByText(values.join(" → ")), "what was wanted is still there").toBeVisible();
  const save = () => job(second).getByRole("button", { name: "Save changes" }).click();
  await seen("what was kept and saved", first, save, shows("#list li", values[1]!));
});

test("of two who save the same line at the same moment, neither loses a value", async ({
  app,
  host,
  theirs,
  other,
}) => {
  await order(host, "PO-2");
  await both([app, host], [theirs, other], "purchase-orders?po=PO-2&line=1");
  const line = (page: Page) => pane(page, "Purchase order");
  const date = (page: Page) => line(page).locator("input[type=date]");
  const wanted = new Map([
    [app, day(50)],
    [theirs, day(60)],
  ]);
  for (const [page, day] of wanted) await date(page).fill(day);
  const conflict = (page: Page) => line(page).getByText(/Somebody else changed this line meanwhile/);
  const [second, first] = await race(app, theirs, conflict);
  await expect(notice(first, "Arrival date"), "who came first has saved").toBeVisible();
  const [theirDay, myDay] = [wanted.get(first)!, wanted.get(second)!];
  await expect(conflict(second), "the first one's value is shown").toContainText(shown(theirDay));
  await expect(date(second), "beside the second one's").toHaveValue(myDay);
  const keep = () => line(second).getByRole("button", { name: "Keep mine and save" }).click();
  await seen("what was kept and saved", first, keep, shows("input[type=date]", myDay));
});
