// The desktop window.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Topic } from "../generated/commands";
import { failure, type Chosen, type Platform } from "./types";

/** A path with the name people know it by. */
const chosen = (path: string): Chosen => ({ path, name: path.split(/[\\/]/).at(-1) ?? path });

export const tauri: Platform = {
  call: (name, args) => invoke<never>(name, { args }).catch((thrown: unknown) => Promise.reject(failure(thrown))),
  listen(changed) {
    const stop = listen<{ topics: Topic[] }>("changed", (event) => changed(event.payload.topics));
    return () => void stop.then((off) => off());
  },
  unsaved(dirty) {
    onbeforeunload = dirty ? (event) => event.preventDefault() : null;
  },
  async pickFile(kind) {
    const path = await invoke<string | null>("pick_file", { kind }).catch((thrown: unknown) =>
      Promise.reject(failure(thrown)),
    );
    return path === null ? null : chosen(path);
  },
  pickTarget: (name) =>
    invoke<string | null>("pick_target", { name }).catch((thrown: unknown) => Promise.reject(failure(thrown))),
  onFileDrop({ over, drop }) {
    const stop = getCurrentWebview().onDragDropEvent(({ payload }) => {
      over(payload.type === "enter" || payload.type === "over");
      if (payload.type === "drop" && payload.paths[0]) drop(chosen(payload.paths[0]));
    });
    return () => void stop.then((off) => off());
  },
};
