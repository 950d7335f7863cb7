// Parts of the data that changed, told to whoever shows them.
import { TOPICS, type Topic } from "../generated/commands";
import { platform, type Answer, type Name, type Request } from "../platform";

type Heard = (topics: readonly Topic[] | null) => void;

const listeners = new Set<Heard>();
let stop: (() => void) | null = null;

/** Calls `heard` on every change until it is told to stop. */
export function onChange(heard: Heard): () => void {
  listeners.add(heard);
  stop ??= platform.listen(tell);
  return () => {
    listeners.delete(heard);
    if (listeners.size > 0) return;
    stop?.();
    stop = null;
  };
}

function tell(topics: readonly Topic[] | null) {
  for (const heard of [...listeners]) heard(topics);
}

/** Sends a command. What it wrote is loaded again at once, without waiting for the host's word. */
export async function call<K extends Name>(name: K, args: Request<K>): Promise<Answer<K>> {
  const answer = await platform.call(name, args);
  const topics: readonly Topic[] = TOPICS[name].writes;
  if (topics.length > 0) tell(topics);
  return answer;
}
