// Health on the real core: what needs somebody, one click against it, machines, the database, the self-test.
import { accessible, expect, fits, test } from "../../ui/e2e/host";

test.use({ own: "health" });

const IMPORT = "JOB_PRC_PND_DML";

test("a house where nothing is on has nothing to complain about", async ({ app }) => {
  await app.goto(`${new URL(app.url()).origin}/#/health`);
  await expect(app.getByRole("heading", { level: 1, name: "Health" })).toBeVisible();
  await expect(app.getByText("Nothing needs you"), "all is well, and said so").toBeVisible();
  await expect(app.getByRole("table", { name: "Machines" }), "this computer is at work").toContainText("this computer");
  await expect(app.getByText("heard at once"), "changes elsewhere are heard").toBeVisible();
  await app.getByRole("button", { name: "Check everything" }).click();
  await expect(app.getByText(/All \d+ checks are fine/), "the self-test is a click away").toBeVisible();
  await accessible(app, "Health");
  await fits(app, "Health");
});

test("a look at the page is no change, or each look would ask for the next", async ({ app, host }) => {
  await app.goto(`${host.url}/#/health`);
  await expect(app.getByText("heard at once"), "the page is there").toBeVisible();
  const first = await app.evaluate(async () => {
    const ask = (name: string, args: unknown) =>
      fetch(`/rpc/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(args),
      });
    const events = new EventSource("/events");
    const heard = new Promise((resolve) => (events.onmessage = ({ data }) => resolve(JSON.parse(data as string))));
    await new Promise((resolve) => (events.onopen = resolve));
    await ask("show_database", {});
    await ask("change_preference", { key: "density", value: "comfortable" });
    return heard;
  });
  expect(first, "the first word is about the change, not about the look").toEqual({ topics: ["settings"] });
});

test("a job that fails is found with its reason, and leads to what can be done", async ({ app, host }) => {
  await app.goto(`${host.url}/#/health`);
  const setting = { parameters: { importPath: "/no/such/folder" }, every: "EVERYDAY" };
  await host.rpc("enable_job", { id: IMPORT, setting });
  await host.rpc("run_job", { id: IMPORT, parameters: {} });
  const findings = app.getByRole("region", { name: "What needs you" });
  await expect(findings.getByText("Failing"), "it appears by itself").toBeVisible();
  await expect(findings, "with the reason").toContainText("/no/such/folder");
  await app.getByRole("link", { name: /^Slow/ }).click();
  await expect(findings, "a counter narrows what is shown").toContainText("Nothing is slow");
  await app.getByRole("link", { name: "Show all" }).click();
  await accessible(app, "Health with a finding");
  await findings.getByRole("button", { name: "Run now" }).click();
  await expect(
    app.getByRole("status").getByText(/Process bulk imported files: failed/),
    "one click runs it",
  ).toBeVisible();
  await expect(findings, "it failed once more").toContainText("2 runs failed");
  await findings.getByRole("link", { name: "Edit the job" }).click();
  await expect(app, "the job is where it is edited").toHaveURL(new RegExp(`pipeline.*${IMPORT}`));
  await host.rpc("disable_job", { id: IMPORT });
});

test("pausing all takes one key, and just those come back", async ({ app, host }) => {
  await host.rpc("enable_job", { id: "PS_PURGE" });
  await host.rpc("enable_job", { id: "PS_UPD_CAT_ARRIVAL" });
  await host.rpc("pause_job", { id: "PS_UPD_CAT_ARRIVAL" });
  await app.goto(`${host.url}/#/health`);
  await app.getByRole("button", { name: "Pause all jobs" }).focus();
  await app.keyboard.press("Enter");
  await expect(app.getByRole("status").getByText("Paused Purge history"), "what was paused is named").toBeVisible();
  await expect(app.getByRole("link", { name: /^Paused/ }), "both wait now").toContainText("2");
  await app.getByRole("button", { name: "Undo" }).click();
  await expect(app.getByRole("link", { name: /^Paused/ }), "the one that was paused by hand stays").toContainText("1");
  await expect(app.getByRole("link", { name: /^Active/ }), "the other runs again").toContainText("1");
});
