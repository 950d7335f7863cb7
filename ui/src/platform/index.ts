import { http } from "./http";
import { tauri } from "./tauri";
import type { Platform } from "./types";

export * from "./types";

/** The host this window lives in. */
export const platform: Platform = "__TAURI_INTERNALS__" in globalThis ? tauri : http;
