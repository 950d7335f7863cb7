// What the window asks of the program behind it. One interface; Tauri and HTTP each fulfil it.
import type { Commands, Topic } from "../generated/commands";

export type Name = keyof Commands;
export type Request<K extends Name> = Commands[K][0];
export type Answer<K extends Name> = Commands[K][1];

/** Why a command was not done: always a message for people, a code where something different follows from it. */
export type Failure = { code: string; message: string } & Record<string, unknown>;

/** A file that somebody chose; the program finds it at `path`. */
export interface Chosen {
  path: string;
  name: string;
}

/** What happens to files that are dragged over the window. */
export interface Dragged {
  over: (is: boolean) => void;
  drop: (file: Chosen) => void;
  failed: (thrown: unknown) => void;
}

export interface Platform {
  /** Sends a command. Rejects with a `Failure`, never with anything else. */
  call<K extends Name>(name: K, args: Request<K>): Promise<Answer<K>>;
  /** Tells of parts of the data that changed; `null`: an unknown while went unheard, so all may have. Returns how to stop. */
  listen(changed: (topics: Topic[] | null) => void): () => void;
  /** The program around the window; null in a browser. */
  readonly shell: Shell | null;
  /** Edits that are not saved, so that closing the window asks first. */
  unsaved(dirty: boolean): void;
  /** Lets somebody choose a file, or a folder where there is a shell; null: they did not. */
  pickFile(kind: "import" | "backup" | "folder"): Promise<Chosen | null>;
  /** Lets somebody choose where to write a file; null: they did not, undefined: this host only downloads. */
  pickTarget(name: string): Promise<string | null | undefined>;
  /** Tells of files dragged over the window and dropped. Returns how to stop. */
  onFileDrop(heard: Dragged): () => void;
}

/** The program around the window, as far as the page must know it. */
export interface ShellStatus {
  version: string;
  /** Closed, the window can be had back from the tray. */
  tray: boolean;
  /** Why nothing can be shown; null: it can. */
  trouble: string | null;
  /** What happened while nobody looked, oldest first; told once. */
  notices: readonly string[];
}

/** What the program tells the page without being asked. */
export interface Told {
  /** Something is in `notices`, or `trouble` has changed. */
  noticed: () => void;
  /** Somebody closes the window, or quits, though something is not saved. */
  leaving: (how: "close" | "quit") => void;
  /** A page was chosen elsewhere, e.g. in the tray. */
  go: (fragment: string) => void;
}

/** What a window can and a browser cannot. */
export interface Shell {
  status(): Promise<ShellStatus>;
  listen(told: Told): () => void;
  /** Goes on with what `leaving` asked. */
  leave(how: "close" | "quit"): Promise<void>;
  /** Whether the program starts when somebody logs in; with a value, changes it. */
  startAtLogin(on?: boolean): Promise<boolean>;
  /** Opens the database again: another was chosen, or nobody wants to wait. */
  reopen(): Promise<void>;
}

/** Whatever was thrown, as a failure. Hosts answer a request of the wrong shape with plain text. */
export function failure(thrown: unknown): Failure {
  if (typeof thrown === "object" && thrown !== null && "code" in thrown && "message" in thrown)
    return thrown as Failure;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { code: "internal", message: message || "The program gave no reason. Its log may tell more." };
}
