// What the window asks of the program behind it. One interface; Tauri and HTTP each fulfil it.
import type { Commands, Topic } from "../generated/commands";

export type Name = keyof Commands;
export type Request<K extends Name> = Commands[K][0];
export type Answer<K extends Name> = Commands[K][1];

/** Why a command was not done: always a message for people, a code where something different follows from it. */
export type Failure = { code: string; message: string } & Record<string, unknown>;

export interface Platform {
  /** Sends a command. Rejects with a `Failure`, never with anything else. */
  call<K extends Name>(name: K, args: Request<K>): Promise<Answer<K>>;
  /** Tells of parts of the data that changed; `null`: an unknown while went unheard, so all may have. Returns how to stop. */
  listen(changed: (topics: Topic[] | null) => void): () => void;
  /** Edits that are not saved, so that closing the window asks first. */
  unsaved(dirty: boolean): void;
}

/** Whatever was thrown, as a failure. Hosts answer a request of the wrong shape with plain text. */
export function failure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown)
    return thrown as Failure;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message: message || "The program gave no reason. Its log may tell more." };
}
