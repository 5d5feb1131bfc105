// Makes what the desk decides on, through the API, as the people of the demo market.

export const base = process.env.GONGSHU_URL ?? 'http://127.0.0.1:8080';

/** Signs a person of the demo market in; gives what asks and sends for it. */
export async function as(email, password = 'gongshu-demo') {
  const caller = { cookie: '' };
  const call = async (path, body, type) => {
    const response = await fetch(`${base}${path}`, {
      method: 'POST',
      headers: { 'content-type': type, accept: 'application/json', ...(caller.cookie && { cookie: caller.cookie }) },
      body,
    });
    const cookies = response.headers.getSetCookie().map((line) => line.split(';')[0]);
    if (cookies.length > 0) caller.cookie = cookies.join('; ');
    return response.json();
  };
  caller.ask = async (query, variables = {}) => {
    const answer = await call('/graphql', JSON.stringify({ query, variables }), 'application/json');
    if (answer.errors) throw new Error(`${query.slice(0, 60)}: ${JSON.stringify(answer.errors)}`);
    return answer.data;
  };
  /** Sends a mutation, whose payload may carry no errors. */
  caller.send = async (mutation, variables) => {
    const [payload] = Object.values(await caller.ask(mutation, variables));
    if (payload.errors.length > 0) throw new Error(`${mutation.slice(0, 60)}: ${JSON.stringify(payload.errors)}`);
    return payload;
  };
  caller.upload = async (name, text) =>
    (await call(`/uploads/documents?name=${encodeURIComponent(name)}`, text, 'text/plain')).id;
  if (email) {
    await caller.send('mutation ($i: SignInInput!) { signIn(input: $i) { errors { code message } } }', {
      i: { email: email.includes('@') ? email : `${email}@demo.gongshu.example`, password },
    });
  }
  return caller;
}

const mark = () => Date.now().toString(36).slice(-6) + Math.floor(Math.random() * 1296).toString(36);

/** A credit code that nobody has, with its check character (GB 32100). */
export function creditCode(beginning = '53510700') {
  const signs = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  let code = beginning;
  while (code.length < 17) code += signs[Math.floor(Math.random() * signs.length)];
  const sum = [...code].reduce((total, sign, i) => total + signs.indexOf(sign) * (3 ** i % 31), 0);
  return code + signs[(31 - (sum % 31)) % 31];
}

/** An application for free use of a product that none waits for yet; gives the proceeding. */
export async function freeUseApplication(scenario = '核对乡村健康项目的受助范围，结果只用于公益评估。') {
  const welfare = await as('welfare.admin');
  const { licence, products } = await welfare.ask(
    '{ licence { version } products(first: 20, filter: { deliveries: [API] }) { edges { node { id } } } }',
  );
  const evidence = await welfare.upload('项目批文.txt', `演示材料（合成）：公益项目批文 ${mark()}。\n`);
  const refused = [];
  for (const { node } of products.edges.toReversed()) {
    const { freeUseApply } = await welfare.ask(
      'mutation ($i: FreeUseApplyInput!) { freeUseApply(input: $i) { proceeding { id subjectName } errors { code field message } } }',
      {
        i: {
          productId: node.id,
          purpose: 'WELFARE',
          scenario,
          evidence: [evidence],
          licenceVersion: licence.version,
          idempotencyKey: mark(),
        },
      },
    );
    if (freeUseApply.proceeding) return freeUseApply.proceeding;
    refused.push(...freeUseApply.errors.map((error) => error.code));
  }
  throw new Error(`no product could be applied for: ${refused}`);
}

/** A resource that its source unit registered, which waits for its industry authority; gives the proceeding. */
export async function resourceApproval() {
  const name = `信用修复信息库 ${mark()}`;
  const agency = await as('agency.approver');
  await agency.send(
    'mutation ($d: String!) { catalogueImport(document: $d) { added errors { code field message } } }',
    {
      d: JSON.stringify({
        title: '补充目录（演示）',
        source: '演示',
        issued: '2025-07-22',
        implementingAgency: { name: '绵阳市数据局', nameEn: 'Mianyang Municipal Data Bureau' },
        resources: [
          {
            domain: '普惠金融',
            domainEn: 'Inclusive finance',
            sourceUnit: '市发展改革委',
            sourceUnitEn: 'Municipal Development and Reform Commission',
            name,
            nameEn: `Credit repair records ${name.split(' ')[1]}`,
            items: [
              { name: '企业名称', nameEn: 'Enterprise name' },
              { name: '法人代表姓名', nameEn: 'Name of the legal representative' },
              { name: '修复时间', nameEn: 'Time of repair' },
            ],
            updateCycle: '每日',
            updateCycleCode: null,
            provision: ['接口'],
          },
        ],
      }),
    },
  );
  const source = await as('development.source');
  const { resources } = await source.ask(
    '{ resources(filter: { status: DRAFT }, first: 100) { edges { node { id name items { id name } } } } }',
  );
  const resource = resources.edges.map((edge) => edge.node).find((node) => node.name === name);
  await source.send(
    'mutation ($id: ID!, $items: [ItemClassification!]!) { resourceClassify(id: $id, items: $items) { errors { code field message } } }',
    {
      id: resource.id,
      items: resource.items.map((item) => ({
        itemId: item.id,
        grade: 'GENERAL',
        linkage: item.name === '法人代表姓名' ? 'LINKED' : 'NONE',
        sensitivity: item.name === '法人代表姓名' ? 'INTERNAL' : 'PUBLIC',
        protections: item.name === '法人代表姓名' ? ['MASKED', 'ANONYMISED'] : [],
      })),
    },
  );
  const { proceeding } = await source.send(
    'mutation ($id: ID!) { resourceRegister(id: $id) { proceeding { id subjectName } errors { code message } } }',
    { id: resource.id },
  );
  return proceeding;
}

/** Signs an organisation up that nobody verified yet; gives its administrator. */
export async function signUp() {
  const key = mark();
  const email = `newcomer-${key}@demo.gongshu.example`;
  const newcomer = await as('');
  await newcomer.send(
    'mutation ($i: OrganisationSignUpInput!) { organisationSignUp(input: $i) { organisation { id } errors { code field message } } }',
    {
      i: {
        name: `涪城养老公益中心 ${key}`,
        creditCode: creditCode(),
        legalForm: 'SOCIAL_ORGANISATION',
        parties: ['BUYER'],
        email,
        displayName: '新来者',
        password: 'gongshu-demo',
      },
    },
  );
  return { newcomer, key, email };
}

/** An organisation that asks to be verified; gives the proceeding. */
export async function verification() {
  const { newcomer, key } = await signUp();
  const evidence = await newcomer.upload('登记证书.txt', `演示材料（合成）：登记证书 ${key}。\n`);
  const { proceeding } = await newcomer.send(
    'mutation ($i: VerificationApplyInput!) { verificationApply(input: $i) { proceeding { id subjectName } errors { code field message } } }',
    { i: { evidence: [evidence], note: '申请作为公益用户使用数据产品。', idempotencyKey: key } },
  );
  return proceeding;
}

/** An application for data items of a published resource; gives the proceeding. */
export async function grantApplication() {
  const operator = await as('operator.publisher');
  const { agreements, resources } = await operator.ask(
    `{ agreements { edges { node { id status endsOn } } }
       resources(filter: { status: PUBLISHED }, first: 100) { edges { node { name domain { name } items { id name } } } } }`,
  );
  const agreement = agreements.edges.map((edge) => edge.node).find((node) => node.status === 'OPERATING');
  const items = resources.edges
    .map((edge) => edge.node)
    .filter((node) => node.domain.name === '普惠金融')
    .flatMap((node) => node.items)
    .slice(0, 4);
  const today = new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10);
  const { proceeding } = await operator.send(
    'mutation ($i: GrantApplyInput!) { grantApply(input: $i) { proceeding { id subjectName } errors { code field message } } }',
    {
      i: {
        agreementId: agreement.id,
        itemIds: items.map((item) => item.id),
        purposes: ['GOVERNANCE', 'WELFARE', 'INDUSTRY'],
        startsOn: today,
        endsOn: agreement.endsOn,
        note: '拟开发涉农主体信用核验产品；只取核验所需的数据项。',
        idempotencyKey: mark(),
      },
    },
  );
  return proceeding;
}

/** Waits until a dataset is a version of its product's data. */
async function checked(operator, id) {
  const until = Date.now() + 15_000;
  for (;;) {
    const { job } = await operator.ask('query ($id: ID!) { job(id: $id) { state dataset { accepted } } }', { id });
    if (job.state === 'DONE' && job.dataset.accepted) return;
    if (job.state === 'REFUSED' || job.state === 'FAILED' || Date.now() > until) {
      throw new Error(`dataset: ${JSON.stringify(job)}`);
    }
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

/** A product that its operator submitted for review; gives the proceeding and the product. */
export async function productReview() {
  const operator = await as('operator.publisher');
  const { grants, domains } = await operator.ask(
    `{ grants(status: ACTIVE) { edges { node { items { id name linkage resource { id name domain { id } sourceUnit { id } } } } } }
       domains { id name } }`,
  );
  const items = grants.edges
    .flatMap((edge) => edge.node.items)
    .filter((item) => item.resource.name === '公交线路客流数据')
    .slice(0, 3);
  const me = (await operator.ask('{ viewer { organisation { id } } }')).viewer.organisation.id;
  const domain = domains.find((d) => d.id === items[0].resource.domain.id);
  const { product } = await operator.send(
    'mutation ($i: ProductDraftInput!) { productDraft(input: $i) { product { id name } errors { code field message } } }',
    {
      i: {
        name: `公交站点客流周报 ${mark()}`,
        nameEn: 'Weekly passengers by bus stop',
        description: '按站点汇总一周上车人次（合成数据）。',
        descriptionEn: 'Boardings of a week by stop (synthetic).',
        domainId: domain.id,
        delivery: 'API',
        updateFrequency: 'WEEKLY',
        aggregate: true,
        itemIds: items.map((item) => item.id),
        dictionary: [
          {
            name: 'stop',
            label: '站点',
            labelEn: 'Stop',
            type: 'TEXT',
            description: '站点名称',
            sensitivity: 'PUBLIC',
            quasiIdentifier: true,
            required: true,
            filterable: true,
          },
          {
            name: 'boardings',
            label: '上车人次',
            labelEn: 'Boardings',
            type: 'INTEGER',
            unit: '人次',
            description: '一周合计',
            sensitivity: 'PUBLIC',
            required: true,
          },
        ],
        sample: [
          ['示例站点甲', '1200'],
          ['示例站点乙', '860'],
        ],
      },
    },
  );
  await operator.send(
    'mutation ($p: ID!, $i: PlanInput!) { planAdd(productId: $p, input: $i) { errors { code field message } } }',
    {
      p: product.id,
      i: {
        name: '按次',
        nameEn: 'Per call',
        mode: 'PER_CALL',
        scheme: 'GRADUATED',
        termMonths: 12,
        trial: true,
        bands: [{ upTo: 1000, rate: '0.60' }, { rate: '0.333' }],
      },
    },
  );
  await operator.send(
    'mutation ($id: ID!, $i: AllocationAgreeInput!) { allocationAgree(productId: $id, input: $i) { errors { code field message } } }',
    {
      id: product.id,
      i: {
        sourceDocument: '收益分配协议（演示）',
        parts: [
          { contributorId: items[0].resource.sourceUnit.id, weight: 3, basis: '数据提供', channel: 'COST' },
          { contributorId: me, weight: 7, basis: '加工运营', channel: 'COST' },
        ],
      },
    },
  );
  const rows = Array.from({ length: 240 }, (_, i) => `站点${i % 6},${200 + (i % 50)}`).join('\n');
  const response = await fetch(`${base}/uploads/datasets/${product.id}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', cookie: operator.cookie },
    body: `stop,boardings\n${rows}\n`,
  });
  const { job } = await response.json();
  await checked(operator, job.id);
  const evidence = await operator.upload('安全合规自评.txt', '演示材料（合成）：安全与合规自评报告。\n');
  const { proceeding } = await operator.send(
    'mutation ($id: ID!, $e: [ID!]!) { productSubmit(id: $id, evidence: $e) { proceeding { id subjectName } errors { code message } } }',
    { id: product.id, e: [evidence] },
  );
  return { proceeding, product };
}

/** Decides a step of a proceeding as somebody. */
export async function decide(email, proceedingId, step, outcome = 'APPROVE', reason = '材料齐全，符合要求。') {
  await (await as(email)).send(
    'mutation ($id: ID!, $i: ProceedingDecideInput!) { proceedingDecide(id: $id, input: $i) { proceeding { state } errors { code message } } }',
    { id: proceedingId, i: { step, outcome, reason } },
  );
}

/** Uses a free right for a purpose that pays, upon which it is suspended. */
export async function drift(proceedingId) {
  const welfare = await as('welfare.admin');
  const { proceeding } = await welfare.ask(
    'query ($id: ID!) { proceeding(id: $id) { entitlement { id product { id } } } }',
    { id: proceedingId },
  );
  const { secret } = await welfare.send(
    'mutation ($id: ID!, $i: CredentialIssueInput!) { credentialIssue(entitlementId: $id, input: $i) { secret errors { code field message } } }',
    { id: proceeding.entitlement.id, i: { name: '演示', idempotencyKey: mark() } },
  );
  const response = await fetch(`${base}/data/v1/products/${proceeding.entitlement.product.id}/rows?first=1`, {
    headers: { authorization: `Bearer ${secret}`, 'gongshu-purpose': 'INDUSTRY', 'idempotency-key': mark() },
  });
  if (response.status !== 403) throw new Error(`a call for another purpose was answered ${response.status}`);
  return proceeding.entitlement;
}

/** A granted resource none of whose items is linked to a person. */
export async function openResource() {
  const { grants } = await (await as('operator.publisher')).ask(
    '{ grants(status: ACTIVE, first: 20) { edges { node { items { name linkage resource { name domain { name } } } } } } }',
  );
  const items = grants.edges.flatMap((edge) => edge.node.items);
  const names = [...new Set(items.map((item) => item.resource.name))];
  const name = names.find((one) => items.every((item) => item.resource.name !== one || item.linkage === 'NONE'));
  const of = items.filter((item) => item.resource.name === name);
  return { name, domain: of[0].resource.domain.name, count: of.length };
}

/** A value of each type of column, by the name that people choose it by. */
export const sampleOf = {
  文本: '甲',
  整数: '7',
  小数: '7.5',
  日期: '2026-01-31',
  时间: '2026-01-31T08:00:00Z',
  是否: 'true',
};

/** Lets a product that was submitted pass its review, and gives it the code of its registration. */
export async function registered(productId) {
  const desk = await as('agency.security');
  const { reviewDesk } = await desk.ask(
    '{ reviewDesk(kind: PRODUCT_REVIEW, first: 100) { edges { node { id subject { id } } } } }',
  );
  const proceeding = reviewDesk.edges.map((edge) => edge.node).find((node) => node.subject.id === productId);
  await decide('agency.security', proceeding.id, 'SECURITY');
  await decide('agency.approver', proceeding.id, 'COMPLIANCE');
  const registrar = await as('registrar.approver');
  const proof = await registrar.upload('登记凭证.txt', '演示材料（合成）：登记凭证\n');
  await registrar.send(
    'mutation ($id: ID!, $i: RegistrationRecordInput!) { registrationRecord(productId: $id, input: $i) { product { id } errors { code field message } } }',
    {
      id: productId,
      i: {
        code: `DEMO-${creditCode().slice(8)}`,
        codedOn: new Date(Date.now() - 86_400_000).toISOString().slice(0, 10),
        evidence: proof,
      },
    },
  );
}
