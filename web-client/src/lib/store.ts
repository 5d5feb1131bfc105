/** A place in the browser where texts are kept. */
export interface Store {
  get: (key: string) => string | null;
  set: (key: string, value: string) => void;
  remove: (key: string) => void;
  clear: () => void;
}

/** What the browser does not take, since it is full or keeps nothing, is kept as long as the page: nothing breaks for want of room. */
function storeOf(storage: () => Storage): Store {
  const refused = new Map<string, string>();
  return {
    get: (key) => {
      try {
        return refused.get(key) ?? storage().getItem(key);
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      refused.delete(key);
      try {
        storage().setItem(key, value);
      } catch {
        refused.set(key, value);
      }
    },
    remove: (key) => {
      refused.delete(key);
      try {
        storage().removeItem(key);
      } catch {
        // Where nothing may be kept, nothing was.
      }
    },
    clear: () => {
      refused.clear();
      try {
        storage().clear();
      } catch {
        // Where nothing may be kept, nothing was.
      }
    },
  };
}

/** What this tab keeps: what was typed and not sent. */
export const ofTab = storeOf(() => sessionStorage);

/** What this browser keeps: how its person likes to read. */
export const ofBrowser = storeOf(() => localStorage);
