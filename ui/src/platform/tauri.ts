// The desktop window.
import { invoke } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Topic } from "../generated/commands";
import { failure, type Chosen, type Platform, type Shell } from "./types";

const ask = <T>(name: string, args?: Record<string, unknown>) =>
  invoke<T>(name, args).catch((thrown: unknown) => Promise.reject(failure(thrown)));

const shell: Shell = {
  status: () => ask("shell_status"),
  listen({ noticed, leaving, go }) {
    const stops = [
      listen("noticed", noticed),
      listen<"close" | "quit">("close-asked", (event) => leaving(event.payload)),
      listen<string>("go", (event) => go(event.payload)),
    ];
    return () => stops.forEach((stop) => void stop.then((off) => off()));
  },
  leave: (how) => ask(how === "quit" ? "quit" : "close_window"),
  startAtLogin: (on) => ask("start_at_login", { on: on ?? null }),
  reopen: () => ask("reopen"),
};

/** A path with the name people know it by. */
const chosen = (path: string): Chosen => ({ path, name: path.split(/[\\/]/).at(-1) ?? path });

export const tauri: Platform = {
  shell,
  call: (name, args) => invoke<never>(name, { args }).catch((thrown: unknown) => Promise.reject(failure(thrown))),
  listen(changed) {
    const stop = listen<{ topics: Topic[] }>("changed", (event) => changed(event.payload.topics));
    // Nobody heard what changed before.
    void stop.then(() => changed(null));
    return () => void stop.then((off) => off());
  },
  unsaved: (dirty) => void ask("set_unsaved", { unsaved: dirty }),
  async pickFile(kind) {
    const path = await ask<string | null>("pick_file", { kind });
    return path === null ? null : chosen(path);
  },
  pickTarget: (name) => ask<string | null>("pick_target", { name }),
  onFileDrop({ over, drop }) {
    const stop = getCurrentWebview().onDragDropEvent(({ payload }) => {
      over(payload.type === "enter" || payload.type === "over");
      if (payload.type === "drop" && payload.paths[0]) drop(chosen(payload.paths[0]));
    });
    return () => void stop.then((off) => off());
  },
};
