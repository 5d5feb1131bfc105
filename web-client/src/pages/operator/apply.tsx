import { Link, useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceField } from '../../app/evidence-field';
import { useKept, useKeptEvidence, useKeptKey } from '../../app/kept';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useFormErrors } from '../../lib/form';
import { dayFromNow, useFormats } from '../../lib/format';
import { useList, useLoad } from '../../lib/graphql';
import { useEnum, useFaultText, useNamed } from '../../lib/i18n';
import type { Fault } from '../../lib/problem';
import { enums, type Purpose } from '../../lib/schema.gql';
import { useSubmit } from '../../lib/submit';
import { Badge } from '../../ui/badge';
import { Button, IconButton } from '../../ui/button';
import { Checkbox, CheckboxGroup } from '../../ui/choice';
import { Combobox } from '../../ui/combobox';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { DateInput, TextArea } from '../../ui/input';
import { Breadcrumbs, PageHead, Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { toast } from '../../ui/toast';
import {
  ApplyForGrantDocument,
  GrantableResourcesDocument,
  type GrantableResourcesQuery,
  GrantFormDocument,
  type GrantFormQuery,
  GrantLikeDocument,
  type GrantLikeQuery,
  GrantResourceDocument,
} from './apply.gql';
import { applyRoute } from './routes';

type Resource = GrantableResourcesQuery['resources']['edges'][number]['node'];
type Like = Extract<GrantLikeQuery['node'], { __typename: 'Grant' }>;

interface Typed {
  agreementId: string;
  /** The resources of which items may be chosen, as they were when they were chosen. */
  resources: Resource[];
  itemIds: string[];
  purposes: Purpose[];
  startsOn: string;
  endsOn: string;
  note: string;
}

/** The day after a day: 2026-11-30 → 2026-12-01. */
const dayAfter = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The resources of a grant, with no more than the items that it holds. */
function resourcesOf(like: Like): Resource[] {
  const all = new Map<string, Resource>();
  for (const { resource, ...item } of like.items) {
    const before = all.get(resource.id) ?? { ...resource, items: [] };
    all.set(resource.id, { ...before, items: [...before.items, item] });
  }
  return [...all.values()];
}

/** An application as it is begun: empty, for a resource, or like a grant, after whose end it goes on where that one is active. */
function begun(agreements: Agreement[], resource: Resource | undefined, like: Like | undefined): Typed {
  const agreement =
    agreements.find((one) => one.id === like?.agreement?.id) ??
    agreements.find((one) => one.status === 'OPERATING') ??
    agreements[0];
  const today = dayFromNow();
  const after = like?.status === 'ACTIVE' ? dayAfter(like.endsOn) : today;
  return {
    agreementId: agreement?.id ?? '',
    resources: like ? resourcesOf(like) : resource ? [resource] : [],
    itemIds: like?.items.map((item) => item.id) ?? [],
    purposes: like?.purposes ?? [],
    startsOn: after > today ? after : today,
    endsOn: agreement?.endsOn ?? '',
    note: like?.proceeding?.note ?? '',
  };
}

type Agreement = GrantFormQuery['agreements']['edges'][number]['node'];

/** Applies for data items of published resources: of one that was looked at, or again for those of a grant. */
export function Screen() {
  const { t } = useTranslation('operator');
  useTitle(t('apply.title'));
  const search = applyRoute.useSearch();
  const form = useLoad(GrantFormDocument, {}, { typenames: ['Agreement'] });
  const resource = useLoad(GrantResourceDocument, { id: search.resource ?? '' }, { pause: !search.resource });
  const like = useLoad(GrantLikeDocument, { id: search.like ?? '' }, { pause: !search.like });
  const waits = form.loading || (search.resource && resource.loading) || (search.like && like.loading);
  // What is typed into the form outlasts what cannot be read again for now.
  const lacks = !form.data || (search.resource && !resource.data) || (search.like && !like.data);
  const problem = form.problem ?? resource.problem ?? like.problem;
  const agreements = form.data?.agreements.edges.map((edge) => edge.node) ?? [];
  const node = like.data?.node;
  return (
    <div className="max-w-4xl">
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              { key: 'list', node: <Link to="/operator/grants">{t('grants.title')}</Link> },
              { key: 'this', node: t('apply.title') },
            ]}
          />
        }
        title={t('apply.title')}
        lead={t('apply.lead')}
      />
      {waits ? (
        <Skeleton shape="card" lines={3} />
      ) : lacks || !form.data ? (
        <ProblemState
          problem={problem ?? { kind: 'failed' }}
          reload={() => {
            form.reload();
            if (search.resource) resource.reload();
            if (search.like) like.reload();
          }}
        />
      ) : agreements.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState title={t('apply.noAgreement')}>{t('apply.noAgreementWhy')}</EmptyState>
        </div>
      ) : (
        <Form
          key={`${search.resource} ${search.like}`}
          place={`grant.${search.like ?? search.resource ?? 'new'}`}
          agreements={agreements}
          domains={form.data.domains}
          before={begun(
            agreements,
            resource.data?.resource ?? undefined,
            node?.__typename === 'Grant' ? node : undefined,
          )}
        />
      )}
    </div>
  );
}

function Form({
  place,
  agreements,
  domains,
  before,
}: {
  place: string;
  agreements: Agreement[];
  domains: GrantFormQuery['domains'];
  before: Typed;
}) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const format = useFormats();
  const navigate = useNavigate();
  const { typed, change, drop } = useKept<Typed>(place, before);
  const evidence = useKeptEvidence(place);
  const { keyOf, renew } = useKeptKey(place);
  const { submit, pending, faults, problem } = useSubmit(ApplyForGrantDocument, { typenames: ['Grant', 'Proceeding'] });
  // Refusals name items by their place in what was sent.
  const [sent, setSent] = useState<string[]>([]);
  const { at, errors, attempt, ready } = useFormErrors(
    {
      agreementId: false,
      itemIds: typed.itemIds.length === 0 && t('missing.items'),
      purposes: typed.purposes.length === 0 && t('missing.purposes'),
      startsOn: !typed.startsOn && t('missing.startsOn'),
      endsOn: !typed.endsOn && t('missing.endsOn'),
      note: !typed.note.trim() && t('missing.note'),
      evidence: evidence.uploading && t('missing.uploading'),
    },
    faults,
  );
  const agreement = agreements.find((one) => one.id === typed.agreementId);
  const send = async () => {
    if (!ready()) return;
    setSent(typed.itemIds);
    const { resources: _, ...rest } = typed;
    const content = { ...rest, note: typed.note.trim(), evidence: evidence.ids };
    const outcome = await submit({ input: { ...content, idempotencyKey: keyOf(content) } });
    if (!outcome?.done) return;
    renew();
    drop();
    evidence.drop();
    toast(t('apply.done'));
    navigate({ to: '/operator/grants' });
  };
  return (
    <div className="space-y-5">
      <FormErrors errors={errors} attempt={attempt} />
      <Trouble problem={problem} />
      <Section title={t('apply.items')} lead={t('apply.itemsLead')} card>
        <Items typed={typed} domains={domains} change={change} error={at('itemIds')} faults={faults} sent={sent} />
      </Section>
      <Section title={t('apply.use')} card>
        <div className="space-y-4">
          <Field as="group" id="purposes" label={t('apply.purposes')} error={at('purposes')}>
            <CheckboxGroup
              inline
              options={enums.Purpose.map((value) => ({ value, label: name('Purpose', value) }))}
              value={typed.purposes}
              onValueChange={(purposes) => change({ purposes: purposes as Purpose[] })}
            />
          </Field>
          <Field id="note" label={t('apply.note')} hint={t('apply.noteHint')} error={at('note')}>
            <TextArea
              rows={4}
              limit={2000}
              value={typed.note}
              onChange={(event) => change({ note: event.target.value })}
            />
          </Field>
          <EvidenceField
            id="evidence"
            evidence={evidence}
            label={t('apply.evidence')}
            hint={t('apply.evidenceHint')}
            error={at('evidence')}
            required={false}
          />
        </div>
      </Section>
      <Section title={t('apply.term')} card>
        <div className="grid items-end gap-4 sm:grid-cols-2">
          <Field className="sm:col-span-2" id="agreementId" label={t('apply.agreement')} error={at('agreementId')}>
            <Select
              options={agreements.map((one) => ({
                value: one.id,
                label: `${one.number} · ${name('AgreementStatus', one.status)}`,
              }))}
              value={typed.agreementId}
              onValueChange={(agreementId) => change({ agreementId })}
            />
          </Field>
          <Field id="startsOn" label={t('apply.startsOn')} error={at('startsOn')}>
            <DateInput value={typed.startsOn} onValueChange={(startsOn) => change({ startsOn })} />
          </Field>
          <Field
            id="endsOn"
            label={t('apply.endsOn')}
            hint={agreement?.endsOn && t('apply.agreementEnds', { day: format.day(agreement.endsOn) })}
            error={at('endsOn')}
          >
            <DateInput value={typed.endsOn} onValueChange={(endsOn) => change({ endsOn })} />
          </Field>
        </div>
      </Section>
      <Button kind="primary" size="large" pending={pending} onClick={send}>
        {t('apply.send')}
      </Button>
    </div>
  );
}

const found = (data: GrantableResourcesQuery) => data.resources;

/** Chooses resources by search, and items of each. What an item is refused for stands at it. */
function Items({
  typed,
  domains,
  change,
  error,
  faults,
  sent,
}: {
  typed: Typed;
  domains: GrantFormQuery['domains'];
  change: (part: Partial<Typed>) => void;
  error: string | undefined;
  faults: Fault[];
  sent: string[];
}) {
  const { t } = useTranslation('operator');
  const named = useNamed();
  const name = useEnum();
  const say = useFaultText();
  const [domainId, setDomainId] = useState('');
  const variables = useMemo(
    () => ({ filter: { status: 'PUBLISHED' as const, domainId: domainId || undefined }, first: 50 }),
    [domainId],
  );
  const list = useList(GrantableResourcesDocument, variables, found, { typenames: ['Resource'] });
  const { resources, itemIds } = typed;
  const choose = (ids: string[], on: boolean) =>
    change({ itemIds: [...itemIds.filter((id) => !ids.includes(id)), ...(on ? ids : [])] });
  const refused = (id: string) => {
    const path = `input.itemIds.${sent.indexOf(id)}`;
    return faults.filter((fault) => fault.field === path);
  };
  return (
    <div className="space-y-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('apply.domain')}>
          <Select
            options={[
              { value: '', label: t('apply.allDomains') },
              ...domains.map((domain) => ({ value: domain.id, label: named(domain) })),
            ]}
            value={domainId}
            onValueChange={setDomainId}
          />
        </Field>
        <Field label={t('apply.resource')}>
          <Combobox
            options={list.nodes.map((one) => ({
              value: one.id,
              label: t('apply.resourceOf', { resource: named(one), unit: named(one.sourceUnit) }),
            }))}
            value={null}
            onValueChange={(id) => {
              const one = list.nodes.find((node) => node.id === id);
              if (one) change({ resources: [one, ...resources.filter((other) => other.id !== id)] });
            }}
          />
        </Field>
      </div>
      <More list={list} />
      <Field as="group" id="itemIds" label={t('apply.chosen')} error={error}>
        <p role="status" className="text-13 text-ink-3">
          {resources.length === 0 ? t('apply.noResource') : t('items.chosen', { count: itemIds.length })}
        </p>
        <ul className="space-y-3">
          {resources.map((resource) => {
            const ids = resource.items.map((item) => item.id);
            return (
              <li key={resource.id} className="mt-2 rounded-lg border border-line p-3">
                <div className="flex items-start justify-between gap-3">
                  <Checkbox
                    label={<span className="font-medium">{named(resource)}</span>}
                    hint={named(resource.sourceUnit)}
                    checked={ids.length > 0 && ids.every((id) => itemIds.includes(id))}
                    onCheckedChange={(on) => choose(ids, on)}
                  />
                  <IconButton
                    label={t('apply.remove', { resource: named(resource) })}
                    icon={<X aria-hidden className="size-4" />}
                    size="small"
                    onClick={() =>
                      change({
                        resources: resources.filter((one) => one.id !== resource.id),
                        itemIds: itemIds.filter((id) => !ids.includes(id)),
                      })
                    }
                  />
                </div>
                <div className="ml-7 grid gap-x-6 sm:grid-cols-2">
                  {resource.items.map((item) => (
                    <div key={item.id}>
                      <Checkbox
                        label={
                          <span className="flex flex-wrap items-center gap-1.5">
                            {named(item)}
                            {item.grade ? (
                              <Badge tone={item.grade === 'CORE' ? 'refused' : 'neutral'}>
                                {name('Grade', item.grade)}
                              </Badge>
                            ) : (
                              <Badge tone="attention">{t('apply.unclassified')}</Badge>
                            )}
                            {item.linkage && item.linkage !== 'NONE' && (
                              <Badge tone="attention">{name('Linkage', item.linkage)}</Badge>
                            )}
                          </span>
                        }
                        checked={itemIds.includes(item.id)}
                        onCheckedChange={(on) => choose([item.id], on)}
                      />
                      {itemIds.includes(item.id) &&
                        refused(item.id).map((fault) => (
                          <p key={fault.code} className="ml-7 text-rose text-xs">
                            {say(fault)}
                          </p>
                        ))}
                    </div>
                  ))}
                </div>
              </li>
            );
          })}
        </ul>
      </Field>
    </div>
  );
}
