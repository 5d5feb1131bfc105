/** Groups the digits of exact text, which never becomes a float: 1234567.80 → 1,234,567.80. */
export function grouped(exact: string): string {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d+)(.*)$/.exec(exact) ?? [exact, '', exact, ''];
  return sign + whole.replace(/\B(?=(\d{3})+$)/g, ',') + rest;
}
