import { accessible, expect, fits, test, type Host, type Page } from "../../ui/e2e/host";

test.use({ own: "pipeline" });

const REFRESH = "JOB_REL_PREODR_CAT";
const NAME = "Auto refresh pre-sell catalog";

const card = (app: Page) =>
  app.getByRole("listitem").filter({ has: app.getByRole("link", { name: NAME, exact: true }) });
const pane = (app: Page) => app.getByRole("complementary", { name: "Selected job" });
/** Its name tells when it is changed. */
const frequency = (app: Page) => pane(app).getByRole("combobox", { name: /^Frequency/ });
const notice = (app: Page, text: string | RegExp) => app.getByRole("status").filter({ hasText: text });

/** The refresh runs every quarter of an hour, whatever a test before did with it. */
async function switchedOn(host: Host) {
  await host.rpc("enable_job", { id: REFRESH, setting: { every: "EVERY_15_MIN", zone: "Europe/Berlin" } });
}

async function opened(app: Page) {
  await card(app).getByRole("link", { name: NAME, exact: true }).click();
  await expect(pane(app).getByRole("heading", { level: 2 }), "a card opens its job beside the list").toHaveText(NAME);
}

test("with no job on, the page says why and sets jobs up; doing it again changes nothing", async ({ app, host }) => {
  for (const job of await host.rpc<{ id: string; state: string }[]>("list_jobs", {}))
    if (job.state !== "DRAFT") await host.rpc("disable_job", { id: job.id });
  await expect(
    app.getByRole("tabpanel").getByText("No job is on", { exact: true }),
    "an empty page says so",
  ).toBeVisible();
  await accessible(app, "the empty Pipeline");
  await app.getByRole("tabpanel").getByRole("button", { name: "Set up jobs" }).click();
  const dialog = app.getByRole("dialog", { name: "Set up jobs" });
  await dialog.getByRole("checkbox", { name: NAME }).check();
  await dialog.getByLabel("How often").selectOption({ label: "Every 30 minutes" });
  await expect(dialog.getByText("Switched on"), "the preview says what happens").toBeVisible();
  await accessible(app, "setting up jobs");
  await dialog.getByRole("button", { name: "Set up 1 job" }).click();
  await expect(notice(app, "1 job switched on"), "it says what it did").toBeVisible();
  await expect(card(app).getByText("Every 30 minutes"), "the job is in the list").toBeVisible();
  await app.getByRole("button", { name: "Set up jobs" }).click();
  await dialog.getByRole("checkbox", { name: NAME }).check();
  await dialog.getByLabel("How often").selectOption({ label: "Every 30 minutes" });
  await expect(
    dialog.getByRole("button", { name: "Nothing to set up" }),
    "what is set up stays as it is",
  ).toBeDisabled();
});

test("a button that goes when its work is done leaves the keyboard near", async ({ app, host }) => {
  await switchedOn(host);
  await opened(app);
  const cancel = pane(app).getByRole("button", { name: "Cancel job" });
  await cancel.focus();
  await app.keyboard.press("Enter");
  await expect(cancel, "the job is cancelled").toHaveCount(0);
  await expect(pane(app).getByRole("heading", { level: 2 }), "one goes on in the same pane").toBeFocused();
  await app.keyboard.press("Tab");
  await expect(pane(app).locator(":focus"), "and not at the top of the window").toHaveCount(1);
});

test("search, card, frequency, save, undo and cancel go by keyboard alone", async ({ app, host }) => {
  await switchedOn(host);
  await expect(card(app), "the job is there").toBeVisible();
  await app.keyboard.press("/");
  await expect(app.getByRole("searchbox"), "/ goes to the search").toBeFocused();
  await app.keyboard.type("pre-sell AUTO");
  await expect(app.getByRole("tabpanel").getByRole("listitem"), "all words count, in any order and case").toHaveCount(
    1,
  );
  await app.keyboard.press("Tab");
  await app.keyboard.press("j");
  const link = card(app).getByRole("link", { name: NAME, exact: true });
  await expect(link, "j goes to the first card").toBeFocused();
  await app.keyboard.press("Enter");
  await frequency(app).focus();
  await app.keyboard.type("Hourly");
  await expect(pane(app).getByText("Every 15 minutes → Hourly"), "old and new are told before saving").toBeVisible();
  await app.keyboard.press("Control+s");
  await expect(notice(app, `Saved: ${NAME}`), "Ctrl+S saves").toBeVisible();
  await expect(card(app).getByText("Hourly"), "the card follows").toBeVisible();
  await notice(app, "Saved").getByRole("button", { name: "Undo" }).press("Enter");
  await expect(card(app).getByText("Every 15 minutes"), "undo brings the old frequency back").toBeVisible();
  await pane(app).getByRole("button", { name: "Cancel job" }).press("Enter");
  await expect(pane(app).getByText("Draft"), "cancel returns the job to draft").toBeVisible();
  await notice(app, "Cancelled").getByRole("button", { name: "Undo" }).press("Enter");
  await expect(pane(app).getByText(/^On, next/), "and that can be undone").toBeVisible();
  await pane(app).getByRole("button", { name: "Back to the list" }).focus();
  await app.keyboard.press("Escape");
  await expect(pane(app), "Esc closes the pane").toBeHidden();
  await expect(link, "focus goes back to where it came from").toBeFocused();
});

test("the next five runs follow what is typed, and tell of a change of the clocks", async ({ app, host }) => {
  await switchedOn(host);
  await opened(app);
  await frequency(app).selectOption({ label: "Custom" });
  const custom = pane(app).getByLabel("Custom frequency");
  await custom.fill("30 2 * 3 0");
  const next = pane(app).getByRole("list").filter({ hasText: "02:30" });
  await expect(next.getByRole("listitem"), "five runs are shown before anything is saved").toHaveCount(5);
  await expect(
    pane(app)
      .getByText(/clocks|does not exist/i)
      .first(),
    "the night the clocks go forward is named",
  ).toBeVisible();
  await custom.fill("30 2 *");
  await expect(custom, "what is no expression is refused at its field").toHaveAttribute("aria-invalid", "true");
  await expect(pane(app).getByRole("button", { name: "Save changes" }), "and cannot be saved").toBeDisabled();
  await accessible(app, "the pane with a refused field");
  await pane(app).getByRole("button", { name: "Discard" }).click();
  await expect(pane(app).getByRole("button", { name: "Save changes" }), "nothing is left to save").toBeHidden();
});

test("a run is started, told of, found by its number, and run again", async ({ app, host }) => {
  await switchedOn(host);
  await card(app)
    .getByRole("button", { name: `Run ${NAME} now` })
    .click();
  await expect(notice(app, `${NAME}: finished`), "the end is told").toBeVisible();
  await app.getByRole("tab", { name: /History/ }).click();
  const run = app.getByRole("tabpanel").getByRole("listitem").filter({ hasText: "A person" }).first();
  await run.getByRole("link").click();
  const open = app.getByRole("complementary", { name: "Selected run" });
  await expect(open.getByText("Finished"), "the run says how it ended").toBeVisible();
  await accessible(app, "a run");
  const number = /run ([\d,]+)/.exec((await open.getByRole("heading", { level: 2 }).textContent()) ?? "")?.[1] ?? "";
  await app.getByRole("searchbox").fill(number);
  await expect(app.getByRole("tabpanel").getByRole("listitem").first(), "a run is found by its number").toContainText(
    `Run ${number}`,
  );
  await open.getByRole("button", { name: "Run again" }).click();
  await expect(notice(app, `Started: ${NAME}`), "it runs again with the same parameters").toBeVisible();
});

test("a run that failed gives its reason and what to do", async ({ app, host }) => {
  await host.rpc("run_job", { id: REFRESH, parameters: { productId: ["NO-SUCH-SKU"] } });
  await app.getByRole("tab", { name: /History/ }).click();
  await app
    .getByRole("group", { name: "Filters" })
    .getByRole("button", { name: /Failed/ })
    .click();
  await app.getByRole("tabpanel").getByRole("listitem").first().getByRole("link").click();
  const open = app.getByRole("complementary", { name: "Selected run" });
  await expect(
    open.getByText("Correct the parameters, then run it again."),
    "every failure names a remedy",
  ).toBeVisible();
  await expect(open.getByText("NO-SUCH-SKU").first(), "the reason names the cause").toBeVisible();
  await accessible(app, "a failed run");
  await app.getByRole("button", { name: "Clear filters" }).click();
  await expect(app, "one button clears all filters").not.toHaveURL(/f=FAILED/);
});

test("what somebody else saves meanwhile stands beside one's own values", async ({ app, host }) => {
  await switchedOn(host);
  await opened(app);
  await frequency(app).selectOption({ label: "Hourly" });
  await pane(app).getByLabel("If missed").selectOption({ label: "Leave out" });
  await host.rpc("save_job", { id: REFRESH, setting: { every: "EVERY_30_MIN" } });
  const conflict = pane(app).getByRole("alert").filter({ hasText: "Somebody else changed this job" });
  const row = conflict.getByRole("row", { name: /Frequency/ });
  await expect(row, "both values are shown").toContainText(/Every 30 minutes.*Hourly/);
  await accessible(app, "a conflict");
  await row.getByRole("button", { name: "Take theirs" }).click();
  await conflict.getByRole("button", { name: "Keep the rest of mine" }).click();
  await pane(app).getByRole("button", { name: "Save changes" }).click();
  await expect(notice(app, "Saved"), "then it can be saved").toBeVisible();
  const saved = await host.rpc<{ frequency: string; catchUp: string }>("show_job", { id: REFRESH });
  expect([saved.frequency, saved.catchUp], "nobody's value was lost").toEqual(["EVERY_30_MIN", "SKIP"]);
  await host.rpc("save_job", { id: REFRESH, setting: { catchUp: "RUN_ONCE" } });
});

test("skipping asks which run, and says when the following one is", async ({ app, host }) => {
  await switchedOn(host);
  await opened(app);
  await pane(app).getByRole("button", { name: "Skip once" }).click();
  const dialog = app.getByRole("dialog", { name: "Skip one run?" });
  await expect(dialog, "it names the run that is left out").toContainText(/leaves out its run at/);
  await expect(dialog, "and the one after that").toContainText(/The one after that is at/);
  await accessible(app, "the question about skipping");
  await dialog.getByRole("button", { name: "Skip this run" }).click();
  await expect(notice(app, /is left out/), "it says so afterwards").toBeVisible();
});

test("edits are not lost by going elsewhere", async ({ app, host }) => {
  await switchedOn(host);
  await opened(app);
  await frequency(app).selectOption({ label: "Every day" });
  await app.getByRole("link", { name: /^Health/ }).click();
  const question = app.getByRole("dialog", { name: "Leave without saving?" });
  await expect(question, "what would be lost is named").toContainText(NAME);
  await question.getByRole("button", { name: "Stay" }).click();
  await expect(frequency(app), "who stays keeps the edit").toHaveValue("EVERYDAY");
  await app.getByRole("link", { name: /^Health/ }).click();
  await question.getByRole("button", { name: "Leave" }).click();
  await expect(app.getByRole("heading", { level: 1 }), "who leaves arrives").toHaveText("Health");
});

test("a job is paused and resumed with a key, and focus stays where it is while the list changes", async ({
  app,
  host,
}) => {
  await switchedOn(host);
  await opened(app);
  const link = card(app).getByRole("link", { name: NAME, exact: true });
  await link.focus();
  await link.evaluate((element) => element.setAttribute("data-mark", "here"));
  await app.keyboard.press("p");
  await expect(card(app).getByText("Paused"), "p pauses").toBeVisible();
  await host.rpc("enable_job", { id: "PS_PURGE", setting: { every: "EVERYDAY" } });
  await expect(
    app.getByRole("link", { name: "Purge history", exact: true }),
    "what others do appears by itself",
  ).toBeVisible();
  await expect(app.locator("[data-mark=here]"), "the focused card is still the same element").toBeFocused();
  await app.keyboard.press("p");
  await expect(card(app).getByText("Paused"), "p resumes").toBeHidden();
  await host.rpc("disable_job", { id: "PS_PURGE" });
});

test("a job is pinned, and found among the pinned ones", async ({ app, host }) => {
  await switchedOn(host);
  await card(app)
    .getByRole("button", { name: `More for ${NAME}` })
    .click();
  await app.getByRole("menuitem", { name: "Pin" }).click();
  await app
    .getByRole("group", { name: "Filters" })
    .getByRole("button", { name: /Pinned 1/ })
    .click();
  await expect(
    app.getByRole("list", { name: "Pinned" }).getByRole("link", { name: NAME }),
    "a pinned job is at hand",
  ).toBeVisible();
  await app.getByRole("button", { name: `Unpin: ${NAME}` }).click();
  await expect(app.getByText("Nothing matches"), "no job is pinned any more").toBeVisible();
});

test("a card says that there is nothing to pre-sell, and offers to pause", async ({ app, host }) => {
  await switchedOn(host);
  await host.rpc("run_job", { id: REFRESH });
  await expect(card(app).getByText("Nothing to pre-sell"), "an empty refresh says so").toBeVisible();
  await card(app).getByRole("button", { name: "Pause", exact: true }).click();
  await expect(card(app).getByText("Paused"), "and can rest").toBeVisible();
});

test("the list shuts nobody out and fits a narrow window", async ({ app, host }) => {
  await switchedOn(host);
  await expect(card(app), "the job is there").toBeVisible();
  await accessible(app, "the list");
  await fits(app, "the list");
});

test("the pane shuts nobody out and fits a narrow window", async ({ app, host }) => {
  await switchedOn(host);
  await opened(app);
  await accessible(app, "the pane");
  await fits(app, "the pane");
});

test("the history shuts nobody out, fits a narrow window, and holds still", async ({ app, host }) => {
  await host.rpc("run_job", { id: REFRESH });
  await app.getByRole("tab", { name: /History/ }).click();
  await expect(app.getByText(/Finished|Failed/).first(), "there is a run").toBeVisible();
  await accessible(app, "the history");
  await fits(app, "the history");
  await app.emulateMedia({ reducedMotion: "reduce" });
  expect(await app.evaluate(() => document.getAnimations().length), "who wants no motion gets none").toBe(0);
  await app.emulateMedia({ forcedColors: "active" });
  await expect(
    app.getByText(/Finished|Failed/).first(),
    "states are told by words, whatever the colours",
  ).toBeVisible();
});
