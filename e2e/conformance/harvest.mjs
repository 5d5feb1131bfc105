// Harvests the catalogue of the market at a URL as another system would, with its own parsers, and judges it by what was published for
// that: node harvest.mjs URL PRODUCTS [PRODUCT SECRET PURPOSE]
//
// Judged are DCAT-AP 3.0.1 by its SHACL shapes, OpenAPI 3.1 and the Data Package 2.0 profile by their JSON schemas, and real answers of
// data calls by the schema that the market describes them with; of one product also rows that are called with a credential. PRODUCTS is
// how many products there have to be. What is judged is then spoilt, one thing after the other, and has to be refused: a judge that
// refuses nothing proves nothing.
import { readFileSync } from 'node:fs';
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import jsonld from 'jsonld';
import { DataFactory, Parser, Store } from 'n3';
import SHACLValidator from 'rdf-validate-shacl';

const [base, expected, called, secret, purpose] = process.argv.slice(2);
if (!expected) {
  console.error('usage: node harvest.mjs URL PRODUCTS [PRODUCT SECRET PURPOSE]');
  process.exit(2);
}

let failures = 0;
function check(ok, sentence, why = '') {
  console.log(`${ok ? 'ok' : 'FAIL'} ${sentence}${ok ? '' : `: ${why}`}`);
  if (!ok) failures++;
}

const ns = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  hydra: 'http://www.w3.org/ns/hydra/core#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  sh: 'http://www.w3.org/ns/shacl#',
  skos: 'http://www.w3.org/2004/02/skos/core#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
};
const term = (short) => {
  const [prefix, local] = short.split(':');
  return DataFactory.namedNode(ns[prefix] + local);
};

async function fetched(url, type, headers = {}) {
  const answer = await fetch(url, { headers });
  const text = await answer.text();
  const is = answer.headers.get('content-type') ?? '';
  if (answer.status !== 200 || !is.startsWith(type)) throw new Error(`${url} answers ${answer.status} ${is}: ${text.slice(0, 300)}`);
  return text;
}

// ---- the catalogue, page by page, in both forms

const turtle = (text, iri) => new Parser({ baseIRI: iri }).parse(text);
const jsonQuads = async (text) => new Parser({ format: 'N-Quads' }).parse(await jsonld.toRDF(JSON.parse(text), { format: 'application/n-quads' }));
// Of a page in one form, the names of pages are those of that form: they are all that may differ.
const lines = (quads) =>
  quads
    .map(({ subject, predicate, object }) => JSON.stringify([subject, predicate, object]).replaceAll('/catalog.jsonld', '/catalog.ttl'))
    .sort();

async function pagesOf(form, parse, type) {
  const pages = [];
  let next = `${base}/catalog.${form}?first=4`;
  while (next) {
    const quads = await parse(await fetched(next, type), next);
    pages.push(quads);
    const said = (short) => quads.find((q) => q.predicate.equals(term(short)))?.object.value;
    if (said('hydra:next') !== said('hydra:nextPage')) throw new Error(`${next} has two next pages`);
    next = said('hydra:next');
    if (pages.length > 10000) throw new Error('there is no last page');
  }
  return pages;
}

const pages = await pagesOf('ttl', turtle, 'text/turtle');
const same = await pagesOf('jsonld', jsonQuads, 'application/ld+json');
check(pages.length === same.length, 'both forms have as many pages', `${pages.length} and ${same.length}`);
pages.forEach((page, i) => {
  const [one, other] = [lines(page), lines(same[i] ?? [])];
  check(JSON.stringify(one) === JSON.stringify(other), `page ${i + 1} says the same in Turtle and in JSON-LD`,
    [...one.filter((l) => !other.includes(l)), ...other.filter((l) => !one.includes(l))].slice(0, 4).join('\n'));
  check(!page.some((q) => [q.subject, q.object].some((t) => t.termType === 'BlankNode')), `page ${i + 1} names all that it speaks of`);
});
const whole = new Store(pages.flat());
const datasets = whole.getSubjects(term('rdf:type'), term('dcat:Dataset'), null);
check(datasets.length === Number(expected), `the pages hold ${expected} datasets`, `${datasets.length}`);
const perPage = pages.map((page) => new Store(page).getSubjects(term('rdf:type'), term('dcat:Dataset'), null).length);
check(perPage.reduce((a, b) => a + b, 0) === datasets.length && perPage.every((n) => n <= 4), 'no product is on two pages', perPage.join(' '));

// ---- DCAT-AP 3.0.1

const shapes = new Store();
for (const name of ['shapes', 'range', 'mdr-vocabularies.shape', 'dcat-ap-SHACL', 'ranges']) {
  const file = new URL(`testdata/dcat-ap-3.0.1/${name}.ttl`, import.meta.url);
  shapes.addQuads(new Parser({ baseIRI: 'https://semiceu.github.io/', blankNodePrefix: `_:${name.replace(/\W/g, '')}` }).parse(readFileSync(file, 'utf8')));
}
const validator = new SHACLValidator(shapes);

// Warnings of the EU's lists that a Chinese city cannot be on: its own bodies, places and domains stand beside what the lists have.
const expectedWarnings = [ns.dct + 'publisher', ns.dct + 'spatial', ns.dcat + 'theme'];

async function judged(graph) {
  const report = await validator.validate(graph);
  const results = report.results.map((r) => ({
    path: r.path?.value ?? '',
    severity: r.severity?.value.slice(ns.sh.length) ?? '',
    node: r.focusNode?.value ?? '',
    shape: r.sourceShape?.value ?? '',
    message: r.message.map((m) => m.value).join(' '),
  }));
  return {
    violations: results.filter((r) => r.severity === 'Violation'),
    warnings: results.filter((r) => r.severity !== 'Violation'),
  };
}

const all = await judged(whole);
const told = (results) => results.slice(0, 5).map((r) => `${r.node} ${r.path} ${r.message}`).join('\n');
check(all.violations.length === 0, 'all pages together conform to DCAT-AP 3.0.1', told(all.violations));
const unexpected = all.warnings.filter((r) => !expectedWarnings.includes(r.path));
check(unexpected.length === 0, 'the shapes warn of nothing but of names that are not on lists of the EU', told(unexpected));
const single = new Store(pages[0]);
check((await judged(single)).violations.length === 0, 'a page by itself conforms to DCAT-AP 3.0.1');

// The shapes do not look at the times of datasets, nor at the languages of texts.
const times = [...whole.getQuads(null, term('dct:issued'), null), ...whole.getQuads(null, term('dct:modified'), null)].map((q) => q.object);
check(times.length > 0 && times.every((t) => t.datatype.value === `${ns.xsd}dateTime` && !Number.isNaN(Date.parse(t.value))), 'times are times');
for (const property of ['dct:title', 'dct:description', 'dcat:keyword', 'foaf:name', 'skos:prefLabel']) {
  const odd = whole.getObjects(null, term(property), null).filter((t) => !['zh', 'en'].includes(t.language));
  check(odd.length === 0, `every ${property} says its language`, odd.map((t) => t.value).join(' '));
}

/** Spoils a copy of the first page; what says which path has to be refused then. */
async function refused(sentence, path, spoil) {
  const copy = new Store(single.getQuads());
  const changed = spoil(copy);
  const { violations } = await judged(copy);
  check(changed > 0 && violations.some((r) => r.path === path), `refused: ${sentence}`, changed ? told(violations) || 'it conforms' : 'there is none to spoil');
}

const without = (type, property) => (graph) => {
  const of = graph.getSubjects(term('rdf:type'), term(type), null)[0];
  const gone = of ? graph.getQuads(of, term(property), null) : [];
  graph.removeQuads(gone);
  return gone.length;
};
for (const [type, ...properties] of [
  ['dcat:Catalog', 'dct:title', 'dct:description', 'dct:publisher'],
  ['dcat:Dataset', 'dct:title', 'dct:description'],
  ['dcat:Distribution', 'dcat:accessURL'],
  ['dcat:DataService', 'dct:title', 'dcat:endpointURL'],
  ['foaf:Agent', 'foaf:name'],
  ['skos:Concept', 'skos:prefLabel'],
  ['skos:ConceptScheme', 'dct:title'],
]) {
  for (const property of properties) {
    const [prefix, local] = property.split(':');
    await refused(`a ${type} without ${property}`, ns[prefix] + local, without(type, property));
  }
}

const untyped = (of, property, type) => (graph) => {
  const subject = graph.getSubjects(term('rdf:type'), term(of), null).find((s) => graph.countQuads(s, term(property), null, null) > 0);
  const object = subject && graph.getObjects(subject, term(property), null)[0];
  const gone = object ? graph.getQuads(object, term('rdf:type'), term(type)) : [];
  graph.removeQuads(gone);
  return gone.length;
};
for (const [of, property, type] of [
  ['dcat:Catalog', 'dcat:dataset', 'dcat:Dataset'],
  ['dcat:Catalog', 'dcat:service', 'dcat:DataService'],
  ['dcat:Catalog', 'dcat:themeTaxonomy', 'skos:ConceptScheme'],
  ['dcat:Catalog', 'foaf:homepage', 'foaf:Document'],
  ['dcat:Catalog', 'dct:publisher', 'foaf:Agent'],
  ['dcat:Catalog', 'dct:language', 'dct:LinguisticSystem'],
  ['dcat:Catalog', 'dct:license', 'dct:LicenseDocument'],
  ['dcat:Dataset', 'dcat:distribution', 'dcat:Distribution'],
  ['dcat:Dataset', 'dcat:theme', 'skos:Concept'],
  ['dcat:Dataset', 'dcat:landingPage', 'foaf:Document'],
  ['dcat:Dataset', 'dct:accrualPeriodicity', 'dct:Frequency'],
  ['dcat:Dataset', 'dct:creator', 'foaf:Agent'],
  ['dcat:Dataset', 'dct:publisher', 'foaf:Agent'],
  ['dcat:Dataset', 'dct:spatial', 'dct:Location'],
  ['dcat:Dataset', 'dct:accessRights', 'dct:RightsStatement'],
  ['dcat:Dataset', 'dct:conformsTo', 'dct:Standard'],
  ['dcat:Dataset', 'dct:provenance', 'dct:ProvenanceStatement'],
  ['dcat:Distribution', 'dcat:accessService', 'dcat:DataService'],
  ['dcat:Distribution', 'dcat:mediaType', 'dct:MediaType'],
  ['dcat:Distribution', 'dct:format', 'dct:MediaTypeOrExtent'],
  ['dcat:Distribution', 'dct:license', 'dct:LicenseDocument'],
  ['dcat:Distribution', 'dct:rights', 'dct:RightsStatement'],
  ['dcat:DataService', 'dcat:servesDataset', 'dcat:Dataset'],
]) {
  const [prefix, local] = property.split(':');
  await refused(`a ${of} with a ${property} that is no ${type}`, ns[prefix] + local, untyped(of, property, type));
}

const instead = (type, property, object) => (graph) => {
  const of = graph.getSubjects(term('rdf:type'), term(type), null).find((s) => graph.countQuads(s, term(property), null, null) > 0);
  if (!of) return 0;
  graph.removeQuads(graph.getQuads(of, term(property), null));
  graph.addQuad(of, term(property), object);
  return 1;
};
await refused('a title that is a name', ns.dct + 'title', instead('dcat:Dataset', 'dct:title', term('dct:title')));
await refused('a time that is none', ns.dct + 'modified', instead('dcat:Distribution', 'dct:modified', DataFactory.literal('yesterday')));
await refused('a keyword that is a name', ns.dcat + 'keyword', instead('dcat:Dataset', 'dcat:keyword', term('dct:title')));
await refused('a second publisher', ns.dct + 'publisher', (graph) => {
  graph.addQuad(graph.getSubjects(term('rdf:type'), term('dcat:Catalog'), null)[0], term('dct:publisher'), term('dct:title'));
  return 1;
});
await refused('a language that is on no list of the EU', ns.dct + 'language', (graph) => {
  const gone = graph.getQuads(graph.getObjects(null, term('dct:language'), null)[0], term('skos:inScheme'), null);
  graph.removeQuads(gone);
  return gone.length;
});

// ---- every product

const profile = JSON.parse(readFileSync(new URL('testdata/datapackage-2.0/datapackage.json', import.meta.url), 'utf8'));
const drafts = new Ajv({ strict: false, allErrors: true });
addFormats(drafts);
drafts.addFormat('textarea', true); // it says how to show a text
const isPackage = drafts.compile(profile);
const spoilt = (value, spoil) => {
  const copy = structuredClone(value);
  spoil(copy);
  return copy;
};

/** The schema that a description has for an answer, with what it refers to. */
function schemaOf(openapi, name) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true, allowUnionTypes: true });
  addFormats(ajv);
  ajv.addFormat('int64', { type: 'number', validate: Number.isSafeInteger });
  ajv.addKeyword('x-unit');
  const components = { $id: 'https://described.example/', components: openapi.components };
  ajv.addKeyword('components');
  ajv.addSchema(components);
  return ajv.compile({ $ref: `https://described.example/#/components/schemas/${name}` });
}

let rows = 0;
let spoiltOnce = false;
for (const dataset of datasets) {
  const page = dataset.value.replace(/#dataset$/, '');
  const id = page.slice(page.lastIndexOf('/') + 1);
  const service = whole.getSubjects(term('dcat:servesDataset'), dataset, null)[0];
  const described = whole.getObjects(service, term('dcat:endpointDescription'), null)[0].value;
  const openapi = JSON.parse(await fetched(described, 'application/vnd.oai.openapi+json'));
  const result = await new Validator().validate(structuredClone(openapi));
  check(result.valid, `${id} is described in OpenAPI 3.1`, JSON.stringify(result.errors)?.slice(0, 500));
  const described2 = JSON.parse(await fetched(`${page}/datapackage.json`, 'application/json'));
  check(isPackage(described2), `${id} is a data package`, JSON.stringify(isPackage.errors)?.slice(0, 500));
  const { fields } = described2.resources[0].schema;
  const row = openapi.components.schemas.Row;
  check(JSON.stringify(fields.map((f) => f.name)) === JSON.stringify(row.required), `${id} has the same columns in both`);

  if (!spoiltOnce) {
    spoiltOnce = true;
    for (const [sentence, spoil] of [
      ['an OpenAPI description without a version', (o) => delete o.info.version],
      ['one whose answers say nothing', (o) => delete Object.values(Object.values(o.paths)[0])[0].responses[404].description],
      ['one with a parameter in no place', (o) => { Object.values(Object.values(o.paths)[0])[0].parameters[0].in = 'nowhere'; }],
    ]) check(!(await new Validator().validate(spoilt(openapi, spoil))).valid, `refused: ${sentence}`, 'it is valid');
    for (const [sentence, spoil] of [
      ['a data package without resources', (p) => { p.resources = []; }],
      ['one whose resource has no name', (p) => delete p.resources[0].name],
      ['one whose resource is nowhere', (p) => { delete p.resources[0].path; delete p.resources[0].data; }],
      ['one with a field of no type', (p) => { p.resources[0].schema.fields[0].type = 'colour'; }],
      ['one with a licence of no name', (p) => { p.licenses = [{}]; }],
    ]) check(!isPackage(spoilt(described2, spoil)), `refused: ${sentence}`, 'it is valid');
  }

  const sample = openapi.paths[`/data/v1/products/${id}/sample`];
  if (!sample) {
    check(openapi.paths[`/data/v1/products/${id}/download-link`] !== undefined, `${id} is a file, and says how it is fetched`);
    continue;
  }
  const fits = schemaOf(openapi, 'Page');
  const answer = JSON.parse(await fetched(`${openapi.servers[0].url}/data/v1/products/${id}/sample`, 'application/json'));
  check(fits(answer), `a sample of ${id} is as it is described`, JSON.stringify(fits.errors));
  rows += answer.rows.length;
  // Every parameter that is described is one that a call takes.
  const filters = sample.get.parameters.filter((p) => !['first', 'after'].includes(p.name));
  for (const { name, schema } of filters.slice(0, 12)) {
    const kind = schema.items ?? schema;
    const value = { integer: '1', boolean: 'true' }[kind.type] ?? { date: '2026-01-31', 'date-time': '2026-01-31T00:00:00Z' }[kind.format] ?? '1';
    const taken = await fetch(`${base}/data/v1/products/${id}/sample?${new URLSearchParams({ [name]: value })}`);
    check(taken.status === 200, `${id} takes the filter ${name}`, await taken.text());
  }
  if (answer.rows.length > 0) {
    const [first] = answer.rows;
    const column = Object.keys(first)[0];
    check(!fits({ ...answer, rows: [{ ...first, [column]: { a: 1 } }] }), `refused: a row of ${id} with a cell that is none`, 'it fits');
    check(!fits({ ...answer, rows: [{ ...first, more: 1 }] }), `refused: a row of ${id} with a column too many`, 'it fits');
  }
}

if (called) {
  const openapi = JSON.parse(await fetched(`${base}/products/${called}/openapi.json`, 'application/vnd.oai.openapi+json'));
  const fits = schemaOf(openapi, 'Page');
  const headers = { Authorization: `Bearer ${secret}`, 'Gongshu-Purpose': purpose };
  const answer = JSON.parse(await fetched(`${base}/data/v1/products/${called}/rows?first=1000`, 'application/json', headers));
  check(fits(answer) && answer.rows.length > 0, `rows of ${called} are as they are described`, JSON.stringify(fits.errors));
  const problem = schemaOf(openapi, 'Problem');
  const refusal = await fetch(`${base}/data/v1/products/${called}/rows`);
  const body = await refusal.json();
  const codes = openapi.paths[`/data/v1/products/${called}/rows`].get.responses[refusal.status].content['application/problem+json'].schema.allOf[1].properties.code.enum;
  check(problem(body) && codes.includes(body.code), 'a refusal is as it is described', JSON.stringify(body));
}

console.log(`${datasets.length} products, ${rows} rows of samples, ${whole.size} statements, ${failures} failures`);
process.exit(failures === 0 ? 0 : 1);
