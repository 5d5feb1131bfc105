import roles from './examples.json';

const documents = import.meta.glob<string>('./examples/*.graphql', { query: '?raw', import: 'default', eager: true });

/** An operation that works in the demo market, as the role that it is listed under. */
type Example = { file: string; zh: string; en: string; document: string };

type Role = { role: string; zh: string; en: string; email: string | null; examples: Example[] };

export const examples: Role[] = roles.map((role) => ({
  ...role,
  examples: role.examples.map((example) => {
    const document = documents[`./examples/${example.file}.graphql`];
    if (document === undefined) throw new Error(`there is no example ${example.file}`);
    return { ...example, document };
  }),
}));
