/** A remittance code as it is stored, once all of it is there: people write spaces and hyphens between. */
export const wholeCode = (text: string) => {
  const code = text.replace(/[\s\-_.·]/g, '').toUpperCase();
  return /^GS[1-9A-Z]{11}$/.test(code) ? code : '';
};

/** The number of an account in groups of four, as people compare it. */
export const inFours = (number: string) => number.replace(/(\d{4})(?=\d)/g, '$1 ');
