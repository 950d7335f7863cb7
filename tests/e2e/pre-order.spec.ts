import { accessible, expect, fits, test, type Page } from "../../ui/e2e/host";

test.use({ own: "pre-order" });

const REFRESH = "JOB_REL_PREODR_CAT";
const NAME = "Auto refresh pre-sell catalog";

test.beforeEach(async ({ app, host }) => {
  const { state } = await host.rpc<{ state: string }>("show_job", { id: REFRESH });
  if (state !== "DRAFT") await host.rpc("disable_job", { id: REFRESH });
  await app.goto(`${host.url}/#/pre-order`);
  await expect(box(app), "each test begins with the box not ticked").not.toBeChecked();
});

const box = (app: Page) => app.getByRole("checkbox", { name: NAME });

test("every label stands in its card and its group", async ({ app }) => {
  const groups: Record<string, string[]> = {
    "Pre-sell catalog": [NAME],
    "Pre-sell on Shopify: Catalog": [
      "Sync variant details",
      "Add pre-order tags",
      "Remove pre-order tags",
      "Add backorder tags",
      "Remove backorder tags",
    ],
    "Pre-sell on Shopify: Orders": [
      "Add pre-order tags",
      "Add backorder tags",
      "Add promise date",
      "Update promise date",
    ],
    "Promise date change": ["Auto sync date to orders", "Email customers"],
    "Auto releasing": ["Run daily"],
  };
  for (const [name, labels] of Object.entries(groups)) {
    const boxes = app.getByRole("group", { name, exact: true }).getByRole("checkbox");
    await expect(boxes, `${name} holds its boxes`).toHaveCount(labels.length);
    for (const [at, label] of labels.entries())
      await expect(boxes.nth(at), `${name}: box ${at + 1} has its exact label`).toHaveAccessibleName(label);
  }
  await expect(
    app.getByRole("region", { name: "More jobs" }).getByRole("listitem"),
    "all other jobs are rows",
  ).toHaveCount(9);
});

test("a tick switches the job on at its usual frequency, and undo takes it back", async ({ app, host }) => {
  await expect(box(app), "a draft is not ticked").not.toBeChecked();
  await box(app).check();
  const notice = app.getByRole("status").filter({ hasText: `${NAME}: Every 15 minutes, first run` });
  await expect(notice, "it says what it did and when it runs first").toBeVisible();
  await expect(box(app), "the box shows what is so").toBeChecked();
  await notice.getByRole("button", { name: "Undo" }).click();
  await expect(box(app), "undo takes it back").not.toBeChecked();
  const { state } = await host.rpc<{ state: string }>("show_job", { id: REFRESH });
  expect(state, "in the program, too").toBe("DRAFT");
});

test("unticking needs no question, and can be undone", async ({ app, host }) => {
  await host.rpc("enable_job", { id: REFRESH });
  await expect(box(app), "what is switched on elsewhere is ticked here").toBeChecked();
  await box(app).uncheck();
  const notice = app.getByRole("status").filter({ hasText: "Switched off" });
  await notice.getByRole("button", { name: "Undo" }).click();
  await expect(box(app), "as if it had not happened").toBeChecked();
});

test("a paused job is a dash, and its frequency is changed in place", async ({ app, host }) => {
  await host.rpc("enable_job", { id: REFRESH });
  await expect(box(app), "what is switched on elsewhere is ticked here").toBeChecked();
  const often = app.getByRole("combobox", { name: `Frequency of ${NAME}` });
  await often.selectOption({ label: "Hourly" });
  await expect(
    app.getByRole("status").filter({ hasText: `${NAME}: Hourly` }),
    "it says the new frequency",
  ).toBeVisible();
  const { frequency } = await host.rpc<{ frequency: string }>("show_job", { id: REFRESH });
  expect(frequency, "and the program has it").toBe("HOURLY");
  await host.rpc("pause_job", { id: REFRESH });
  await expect(box(app), "paused is neither on nor off").toBeChecked({ indeterminate: true });
  await host.rpc("save_job", { id: REFRESH, setting: { every: "EVERY_15_MIN" } });
});

test("a job that cannot be done yet says so and cannot be ticked", async ({ app }) => {
  const date = app.getByRole("checkbox", { name: "Add promise date" });
  await expect(date, "it cannot be switched on").toBeDisabled();
  await expect(
    app.getByText("Not available yet: needs a connected shop").first(),
    "it names what is missing",
  ).toBeVisible();
  await app.getByRole("button", { name: "Release", exact: true }).click();
  const dialog = app.getByRole("dialog", { name: "Release preorders" });
  await expect(dialog, "nothing is released without a word").toContainText("This cannot be done yet");
  await expect(dialog.getByRole("button", { name: "Release", exact: true }), "the button does nothing").toBeDisabled();
  await accessible(app, "the dialog of Release");
});

test("what shops show is synced by jobs that can be ticked", async ({ app }) => {
  const group = app.getByRole("group", { name: "Pre-sell on Shopify: Catalog", exact: true });
  for (const name of ["Sync variant details", "Add pre-order tags", "Remove backorder tags"])
    await expect(group.getByRole("checkbox", { name }), `${name} can be switched on`).toBeEnabled();
  await expect(group, "nothing is missing for them").not.toContainText("Not available yet");
});

test("both lists are reached with their counts, and a row opens its job", async ({ app }) => {
  await expect(app.getByRole("link", { name: /^Pre-Order \d/ }), "the list says how many it holds").toBeVisible();
  await expect(app.getByRole("link", { name: /^Backorder \d/ }), "so does the other").toBeVisible();
  await app.getByRole("link", { name: "Purge history" }).click();
  await expect(app.getByRole("complementary").getByRole("heading", { level: 2 }), "a row opens its job").toHaveText(
    "Purge history",
  );
});

test("boxes answer to the keyboard, and the page shuts nobody out", async ({ app }) => {
  await box(app).focus();
  await app.keyboard.press("Space");
  await expect(box(app), "the space bar ticks").toBeChecked();
  await expect(box(app), "focus stays on the box").toBeFocused();
  await accessible(app, "Pre-order");
  await fits(app, "Pre-order");
});
