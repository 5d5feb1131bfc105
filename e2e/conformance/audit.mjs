// Audits the GraphQL server at a URL against the GraphQL over HTTP specification: node audit.mjs URL
//
// Prints one line for each audit and fails unless every one passes: the audits that the specification only
// recommends too, since a client may rely on them.
import { auditServer } from 'graphql-http';

// How many audits this version of graphql-http has. A list that shrinks, after an upgrade or a broken install,
// must not pass for a server that conforms.
const EXPECTED = 61;

const url = process.argv[2];
if (!url) {
  console.error('usage: node audit.mjs URL');
  process.exit(2);
}

const results = await auditServer({ url });
for (const { id, name, status, reason } of results) {
  console.log(status === 'ok' ? `ok ${id} ${name}` : `FAIL ${id} ${name}: ${reason}`);
}
const passed = results.filter(({ status }) => status === 'ok').length;
console.log(`${passed} of ${results.length} audits passed, ${EXPECTED} expected`);
// process.exit, as bodies that an audit did not read keep their connections open.
process.exit(passed === results.length && results.length === EXPECTED ? 0 : 1);
