/**
 * Loads a module. Some browsers keep a module that did not come and never ask for it again: it is asked for under another address then,
 * where the error names its own.
 */
export async function comes<M>(load: () => Promise<M>): Promise<M> {
  try {
    return await load();
  } catch (error) {
    const address = /https?:\/\/\S+\.js/.exec(error instanceof Error ? error.message : '')?.[0];
    if (!address) throw error;
    return import(/* @vite-ignore */ `${address}?again=${Date.now()}`) as Promise<M>;
  }
}
