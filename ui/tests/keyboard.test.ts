// @vitest-environment jsdom
import { afterEach, describe, expect, it } from "vitest";
import { keepFocus } from "../src/state/focus";

const settled = () => new Promise((done) => setTimeout(done));

describe("the keyboard, when what it stood on goes away", () => {
  afterEach(() => document.body.replaceChildren());

  function page() {
    document.body.innerHTML = `<main><h1>Page</h1><section><h2>Part</h2><div><button>Do it</button></div></section>
      <section><h2>Other</h2><button id="other">Other</button></section></main>`;
    return document.querySelector("main")!;
  }
  const button = () => document.querySelector("button")!;

  it("goes to the heading of the smallest part that is still there", async () => {
    const stop = keepFocus(page());
    button().focus();
    button().parentElement!.remove();
    await settled();
    expect(document.activeElement?.textContent, "one goes on in the same part").toBe("Part");
    stop();
  });

  it("goes to the page's heading when the whole part is gone", async () => {
    const stop = keepFocus(page());
    button().focus();
    document.querySelector("section")!.remove();
    await settled();
    expect(document.activeElement?.textContent, "there is nothing nearer").toBe("Page");
    stop();
  });

  it("stays where somebody else has put it", async () => {
    const stop = keepFocus(page());
    button().focus();
    button().parentElement!.remove();
    document.querySelector<HTMLElement>("#other")!.focus();
    await settled();
    expect(document.activeElement?.id, "whoever took the button away said where to go on").toBe("other");
    stop();
  });
});
