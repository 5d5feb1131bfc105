/** A new id that nobody else has, of 32 digits. crypto.randomUUID is only there by https; this is everywhere. */
export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
