// The desktop window.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import type { Topic } from "../generated/commands";
import { failure, type Platform } from "./types";

export const tauri: Platform = {
  call: (name, args) => invoke<never>(name, { args }).catch((thrown: unknown) => Promise.reject(failure(thrown))),
  listen(changed) {
    const stop = listen<{ topics: Topic[] }>("changed", (event) => changed(event.payload.topics));
    return () => void stop.then((off) => off());
  },
  unsaved(dirty) {
    onbeforeunload = dirty ? (event) => event.preventDefault() : null;
  },
};
