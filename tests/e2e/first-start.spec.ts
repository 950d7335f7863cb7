// The first start: three steps, each skippable, shown by themselves once.
import { accessible, expect, fits, test } from "../../ui/e2e/host";

test.use({ own: "first-start", fresh: true });
test.describe.configure({ mode: "serial" });

test("three steps lead from an empty house to filled lists, without a mouse", async ({ app, host }) => {
  await expect(app, "they come by themselves").toHaveURL(/#\/start/);
  await expect(app.getByRole("heading", { level: 1, name: "First steps" })).toBeVisible();
  await expect(app.getByText("One file on this computer"), "step 1 says where the data is").toBeVisible();
  await accessible(app, "step 1");
  await fits(app, "step 1");
  await app.getByText("Choose another place").focus();
  await app.keyboard.press("Enter");
  await expect(app.getByRole("button", { name: "Test connection" }), "another place can be tested").toBeVisible();
  await accessible(app, "step 1 with another place");

  await app.getByRole("button", { name: "Next" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { level: 2, name: /Something to work with/ }), "step 2 begins").toBeFocused();
  await accessible(app, "step 2");
  await app.getByRole("button", { name: "Add sample data" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByText("Sample data is in", { exact: true }), "one click").toBeVisible();

  await app.getByRole("button", { name: "Next" }).focus();
  await app.keyboard.press("Enter");
  await expect(
    app.getByText(/Right now it would add \d+ products/),
    "step 3 shows what the job would do",
  ).toBeVisible();
  await accessible(app, "step 3");
  expect(await host.rpc("list_catalog", {}), "and nothing is done yet").toEqual([]);
  await app.getByRole("button", { name: "Switch it on" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByText("It is on"), "it is on").toBeVisible();
  await app.getByRole("button", { name: "Finish" }).focus();
  await app.keyboard.press("Enter");
  await expect(app, "the lists are where one goes on").toHaveURL(/#\/catalog/);
  await expect
    .poll(async () => (await host.rpc<unknown[]>("list_catalog", {})).length, { message: "the job has filled them" })
    .toBeGreaterThan(0);
});

test("once finished they stay away, and can be called", async ({ app, host }) => {
  await app.goto("about:blank");
  await app.goto(host.url);
  await expect(app.getByRole("heading", { level: 1, name: "Pipeline" }), "work begins at once").toBeVisible();
  await app.keyboard.press("Control+k");
  await app.getByRole("combobox", { name: "Find pages, jobs and actions" }).fill("first steps");
  await app.keyboard.press("Enter");
  await expect(app.getByRole("heading", { level: 1, name: "First steps" }), "the palette finds them").toBeVisible();
});
