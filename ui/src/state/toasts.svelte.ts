// Short notices: what was done, with a way back for ten seconds, and what could not be done.
import { failure } from "../platform";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly bad: boolean;
  /** A way back, or on. */
  readonly action?: { readonly label: string; readonly run: () => unknown };
}

/** Undo is offered this long. */
export const UNDO = 10_000;
const READ = 5_000;
const MOST = 4;

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  done(text: string, action?: Toast["action"]) {
    this.#show({ id: this.#next++, text, bad: false, ...(action && { action }) });
  }

  /** Happened while nobody looked; stays until it is closed. */
  told(text: string) {
    const toast = { id: this.#next++, text, bad: false };
    this.list = [...this.list, toast].slice(-MOST);
  }

  /** Stays until it is closed: who looks away must not miss it. */
  failed(thrown: unknown, action?: Toast["action"]) {
    this.#show({ id: this.#next++, text: failure(thrown).message, bad: true, ...(action && { action }) });
  }

  close(id: number) {
    this.hold(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Somebody reads it. */
  hold(id: number) {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Nobody reads it any more. */
  release(id: number) {
    const toast = this.list.find((toast) => toast.id === id);
    if (!toast || toast.bad) return;
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), toast.action ? UNDO : READ),
    );
  }

  #show(toast: Toast) {
    this.list = [...this.list, toast].slice(-MOST);
    this.release(toast.id);
  }
}

export const toasts = new Toasts();
