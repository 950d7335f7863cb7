// A browser on the test host: commands by POST, changes as server-sent events.
import type { Topic } from "../generated/commands";
import { failure, type Failure, type Platform } from "./types";

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

export const http: Platform = {
  call: (name, args) => post(name, args).catch((thrown) => Promise.reject(failure(thrown))) as Promise<never>,
  listen(changed) {
    const events = new EventSource("/events");
    let heard = false;
    events.onopen = () => {
      if (heard) changed(null);
      heard = true;
    };
    events.onmessage = (event: MessageEvent<string>) => changed((JSON.parse(event.data) as { topics: Topic[] }).topics);
    return () => events.close();
  },
  unsaved(dirty) {
    onbeforeunload = dirty ? (event) => event.preventDefault() : null;
  },
};
