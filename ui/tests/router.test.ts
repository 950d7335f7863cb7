import { describe, expect, it } from "vitest";
import { href, parse, router } from "../src/state/router.svelte";

describe("an address", () => {
  it("holds the page and what it shows, there and back", () => {
    const query = { tab: "history", q: "a & b = c", job: "JOB_X" };
    expect(parse(href("pipeline", query)), "nothing of a place may get lost in its address").toEqual({
      page: "pipeline",
      query,
    });
  });

  it("without a page leads to the first one", () => {
    expect(parse("").page, "the window opens with the pipeline").toBe("pipeline");
    expect(parse("#/").page, "a bare hash says no more").toBe("pipeline");
  });

  it("leaves out what is empty", () => {
    expect(href("catalog", { q: "", sku: null, list: undefined }), "an address says only what matters").toBe(
      "#/catalog",
    );
  });
});

describe("the router", () => {
  it("asks before it leaves, stays when told so, and goes on later", async () => {
    router.go("catalog");
    let resume = () => {};
    router.mayLeave = (_, later) => {
      resume = later;
      return false;
    };
    const followed = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
    location.hash = "#/health";
    await followed;
    expect(router.page, "edits keep the page").toBe("catalog");
    expect(location.hash, "the address says where one is").toBe("#/catalog");
    resume();
    expect(router.page, "who leaves all the same arrives").toBe("health");
    expect(location.hash, "and the address follows").toBe("#/health");
    router.mayLeave = () => true;
  });

  it("changes a part of what is shown without a step back for each letter", () => {
    router.go("pipeline", { tab: "history" });
    const steps = history.length;
    router.set({ q: "a" }, true);
    router.set({ q: "ab" }, true);
    expect(router.query, "the rest stays").toEqual({ tab: "history", q: "ab" });
    expect(history.length, "typing leaves no trail").toBe(steps);
    router.set({ q: null });
    expect(location.hash, "what is empty leaves the address").toBe("#/pipeline?tab=history");
  });
});
