import { buildClientSchema, type GraphQLSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';

export type Answer<Data> = { data?: Data | null; errors?: { message: string; extensions?: { code?: string } }[] };

export type Operation = {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string | null;
};

/** Asks the market as the person whose session this browser holds. */
export async function ask<Data>(operation: Operation): Promise<Answer<Data>> {
  const response = await fetch('/graphql', {
    method: 'POST',
    // As application/json a refusal comes with status 200; browsers call any other an error of the page.
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(operation),
  });
  return response.json();
}

/** Who is signed in, and the schema; null where it is not shown to them. */
export type Session = {
  viewer: { person: { displayName: string }; organisation: { name: string; nameEn: string } | null } | null;
  schema: GraphQLSchema | null;
};

export async function session(): Promise<Session> {
  const [who, what] = await Promise.all([
    ask<Pick<Session, 'viewer'>>({ query: '{ viewer { person { displayName } organisation { name nameEn } } }' }),
    ask<IntrospectionQuery>({ query: getIntrospectionQuery() }),
  ]);
  if (!who.data) throw new Error(who.errors?.[0]?.message ?? 'no answer');
  const refusal = what.errors?.[0];
  if (refusal && refusal.extensions?.code !== 'INTROSPECTION_DISABLED') throw new Error(refusal.message);
  return { viewer: who.data.viewer, schema: what.data ? buildClientSchema(what.data) : null };
}

const signInDocument = `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) { errors { code message } }
}`;

/** Signs in; says why not, or nothing. */
export async function signIn(email: string, password: string): Promise<string | null> {
  const answer = await ask<{ signIn: { errors: { message: string }[] } }>({
    query: signInDocument,
    variables: { input: { email, password } },
  });
  return (answer.data?.signIn.errors ?? answer.errors)?.[0]?.message ?? null;
}

export async function signOut(): Promise<void> {
  await ask({ query: 'mutation SignOut { signOut { errors { code } } }' });
}
