// A browser on the test host: commands by POST, changes as server-sent events.
import type { Topic } from "../generated/commands";
import { failure, type Chosen, type Failure, type Platform } from "./types";

const away: Failure = {
  code: "unreachable",
  message: "The program does not answer. Check that it is still running, then try again.",
};

async function post(name: string, args: unknown): Promise<unknown> {
  const sent = fetch(`/rpc/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(args),
  });
  const response = await sent.catch(() => Promise.reject(away));
  const text = await response.text();
  if (response.ok) return text === "" ? null : JSON.parse(text);
  let thrown: unknown = text;
  try {
    thrown = JSON.parse(text);
  } catch {
    // Plain text: a request of the wrong shape.
  }
  throw failure(thrown);
}

/** The program sees no file of a browser; its content goes there first. */
async function uploaded(file: File): Promise<Chosen> {
  const sent = fetch(`/upload?name=${encodeURIComponent(file.name)}`, { method: "PUT", body: file });
  const response = await sent.catch(() => Promise.reject(away));
  if (!response.ok) throw failure(await response.text());
  const { path } = (await response.json()) as { path: string };
  return { path, name: file.name };
}

export const http: Platform = {
  shell: null,
  call: (name, args) => post(name, args).catch((thrown) => Promise.reject(failure(thrown))) as Promise<never>,
  listen(changed) {
    const events = new EventSource("/events");
    // Nobody heard what changed before, at the first time as after a break.
    events.onopen = () => changed(null);
    events.onmessage = (event: MessageEvent<string>) => changed((JSON.parse(event.data) as { topics: Topic[] }).topics);
    return () => events.close();
  },
  unsaved(dirty) {
    onbeforeunload = dirty ? (event) => event.preventDefault() : null;
  },
  pickFile: () =>
    new Promise((resolve, reject) => {
      const input = document.createElement("input");
      input.type = "file";
      input.onchange = () => {
        const file = input.files?.[0];
        if (file) uploaded(file).then(resolve, reject);
        else resolve(null);
      };
      input.oncancel = () => resolve(null);
      input.click();
    }),
  pickTarget: () => Promise.resolve(undefined),
  onFileDrop({ over, drop, failed }) {
    const files = (event: DragEvent) => event.dataTransfer?.types.includes("Files");
    const dragover = (event: DragEvent) => {
      if (!files(event)) return;
      event.preventDefault();
      over(true);
    };
    const dragleave = (event: DragEvent) => {
      if (event.relatedTarget === null) over(false);
    };
    const dropped = (event: DragEvent) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      over(false);
      uploaded(file).then(drop, failed);
    };
    addEventListener("dragover", dragover);
    addEventListener("dragleave", dragleave);
    addEventListener("drop", dropped);
    return () => {
      removeEventListener("dragover", dragover);
      removeEventListener("dragleave", dragleave);
      removeEventListener("drop", dropped);
    };
  },
};
