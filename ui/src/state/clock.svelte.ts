// Now, as screens show it: it moves once a minute, so that nothing flickers.

class Clock {
  now = $state(Date.now());
  #users = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Ticks while the effect around it lives. */
  use() {
    $effect(() => {
      if (this.#users++ === 0) this.#tick();
      return () => {
        if (--this.#users === 0) clearTimeout(this.#timer);
      };
    });
    return this;
  }

  #tick() {
    this.now = Date.now();
    this.#timer = setTimeout(() => this.#tick(), 60_000 - (this.now % 60_000) + 50);
  }
}

export const clock = new Clock();
