// What is done to one thing is done in order: an undo and what follows it must not overtake each other on their way.

const underWay = new Map<string, Promise<unknown>>();

/** Does `work` when everything else that was begun for `key` has ended, well or not. */
export async function inTurn<T>(key: string | undefined, work: () => Promise<T>): Promise<T> {
  if (key === undefined) return work();
  const mine = (underWay.get(key) ?? Promise.resolve()).then(work, work);
  underWay.set(key, mine);
  try {
    return await mine;
  } finally {
    if (underWay.get(key) === mine) underWay.delete(key);
  }
}
