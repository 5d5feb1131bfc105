import { useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from 'urql';
import { forget, keep, useOwner } from '../../app/kept';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { useViewer } from '../../app/viewer';
import { useFormErrors } from '../../lib/form';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { type Fault, type Problem, problemOf } from '../../lib/problem';
import { type Delivery, enums, type UpdateFrequency } from '../../lib/schema.gql';
import { faultAt, useSubmit } from '../../lib/submit';
import { Badge } from '../../ui/badge';
import { Button } from '../../ui/button';
import { Checkbox, RadioCards } from '../../ui/choice';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { SearchInput, TextArea, TextInput } from '../../ui/input';
import { PageHead, Section } from '../../ui/layout';
import { Select } from '../../ui/select';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { StepHeader } from '../../ui/steps';
import { Dictionary } from './dictionary';
import { type Begun, begunBefore, firstFields, newForm, redrafted, sent } from './draft';
import { DraftDictionaryDocument, DraftProductDocument, NewProductDocument, type NewProductQuery } from './new.gql';
import { rowsOf, Sample } from './sample';

type Grant = NewProductQuery['grants']['edges'][number]['node'];
type Item = Grant['items'][number];

const nothing = {};
const granted = (data: NewProductQuery) => data.grants;

const ofFirst = (fault: Fault) => firstFields.some((field) => faultAt([fault], `input.${field}`));

/** Begins a product: what it is, of which granted items, with the dictionary that is drafted of them and a sample. */
export function Screen() {
  const { t } = useTranslation('operator');
  useTitle(t('new.title'));
  const { viewer } = useViewer();
  const list = useList(NewProductDocument, nothing, granted, { typenames: ['Grant'] });
  // Items are chosen among those of all grants: the form comes once they are there, and stays when they are read again.
  const { data, hasMore, more, problem } = list;
  useEffect(() => {
    if (hasMore && !problem) more();
  }, [hasMore, more, problem]);
  const [whole, setWhole] = useState(false);
  if (data && !hasMore && !whole) setWhole(true);
  return (
    <>
      <PageHead title={t('new.title')} lead={t('new.lead')} />
      {data && whole && viewer ? (
        <Form domains={data.domains} grants={list.nodes} />
      ) : problem ? (
        <ProblemState problem={problem} reload={list.reload} />
      ) : (
        <Skeleton shape="card" lines={3} />
      )}
    </>
  );
}

function Form({ domains, grants }: { domains: NewProductQuery['domains']; grants: Grant[] }) {
  const owner = useOwner();
  const { t } = useTranslation('operator');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const navigate = useNavigate();
  const client = useClient();
  const items = useMemo(() => {
    const all = new Map<string, Item & { endsOn: string }>();
    for (const { items, endsOn } of grants)
      for (const item of items) {
        const before = all.get(item.id)?.endsOn ?? '';
        all.set(item.id, { ...item, endsOn: before > endsOn ? before : endsOn });
      }
    return [...all.values()];
  }, [grants]);
  const [begun, setBegun] = useState<Begun>(() => begunBefore(owner, new Set(items.map((item) => item.id))));
  const { step, basics, chosen, columns, sample } = begun;
  const change = (part: Partial<Begun>) => setBegun((now) => ({ ...now, ...part }));
  const set = (part: Partial<Begun['basics']>) => change({ basics: { ...basics, ...part } });
  const choose = (ids: string[], on: boolean) =>
    change({ chosen: [...chosen.filter((id) => !ids.includes(id)), ...(on ? ids : [])] });
  useEffect(() => keep(owner, newForm, begun), [owner, begun]);
  const [wanted, setWanted] = useState('');
  const [drafting, setDrafting] = useState(false);
  const [trouble, setTrouble] = useState<Problem>();
  const { submit, pending, faults, problem } = useSubmit(DraftProductDocument, { typenames: ['Product'] });
  const resources = [...new Map(items.map((item) => [item.resource.id, item.resource])).values()];
  const shown = resources.filter(
    (resource) =>
      !wanted.trim() ||
      [resource, resource.sourceUnit, ...items.filter((item) => item.resource.id === resource.id)].some((one) =>
        `${one.name} ${one.nameEn}`.toLowerCase().includes(wanted.trim().toLowerCase()),
      ),
  );
  const first = useFormErrors(
    {
      name: !basics.name.trim() && t('missing.name'),
      nameEn: false,
      description: !basics.description.trim() && t('missing.description'),
      descriptionEn: false,
      domainId: !basics.domainId && t('missing.domain'),
      delivery: false,
      updateFrequency: false,
      aggregate: false,
      itemIds: chosen.length === 0 && t('missing.items'),
    },
    faults.filter(ofFirst),
  );
  const second = useFormErrors(
    { dictionary: false, sample: !sample.trim() && t('missing.sample') },
    faults.filter((fault) => !ofFirst(fault)),
  );
  const next = async () => {
    if (!first.ready()) return;
    setDrafting(true);
    const answer = await client.query(DraftDictionaryDocument, { itemIds: chosen }).toPromise();
    setDrafting(false);
    if (!answer.data) {
      setTrouble(problemOf(answer.error));
      return;
    }
    setTrouble(undefined);
    change({ columns: redrafted(answer.data.dictionaryDraft, columns), step: 1 });
    window.scrollTo({ top: 0 });
  };
  const save = async () => {
    if (!second.ready()) return;
    const outcome = await submit({
      input: {
        ...basics,
        name: basics.name.trim(),
        nameEn: basics.nameEn.trim() || undefined,
        description: basics.description.trim(),
        descriptionEn: basics.descriptionEn.trim() || undefined,
        itemIds: chosen,
        dictionary: sent(columns),
        sample: rowsOf(sample, columns.length),
      },
    });
    const made = outcome?.done ? outcome.data.productDraft.product : undefined;
    if (!made) {
      if (outcome && !outcome.done && outcome.faults.some(ofFirst)) {
        change({ step: 0 });
        first.ready();
      }
      return;
    }
    forget(owner, newForm);
    navigate({ to: '/operator/products/$id', params: { id: made.id } });
  };
  if (items.length === 0) {
    return (
      <div className="rounded-xl border border-line bg-surface">
        <EmptyState title={t('new.noItems')}>{t('new.noItemsWhy')}</EmptyState>
      </div>
    );
  }
  const why = trouble ?? problem;
  return (
    <div className="max-w-4xl space-y-5">
      <StepHeader steps={[t('new.step1'), t('new.step2')]} current={step} />
      <FormErrors
        errors={step === 0 ? first.errors : second.errors}
        attempt={step === 0 ? first.attempt : second.attempt}
      />
      <Trouble problem={why} />
      {step === 0 ? (
        <>
          <Section title={t('basics.title')} card>
            <div className="grid gap-4 sm:grid-cols-2">
              <Field id="name" label={t('basics.name')} error={first.at('name')}>
                <TextInput value={basics.name} onChange={(event) => set({ name: event.target.value })} />
              </Field>
              <Field id="nameEn" label={t('basics.nameEn')} error={first.at('nameEn')} required={false}>
                <TextInput lang="en" value={basics.nameEn} onChange={(event) => set({ nameEn: event.target.value })} />
              </Field>
              <Field
                className="sm:col-span-2"
                id="description"
                label={t('basics.description')}
                error={first.at('description')}
              >
                <TextArea
                  rows={3}
                  limit={2000}
                  value={basics.description}
                  onChange={(event) => set({ description: event.target.value })}
                />
              </Field>
              <Field
                className="sm:col-span-2"
                id="descriptionEn"
                label={t('basics.descriptionEn')}
                error={first.at('descriptionEn')}
                required={false}
              >
                <TextArea
                  lang="en"
                  rows={3}
                  limit={2000}
                  value={basics.descriptionEn}
                  onChange={(event) => set({ descriptionEn: event.target.value })}
                />
              </Field>
              <Field
                className="sm:col-span-2"
                as="group"
                id="domainId"
                label={t('basics.domain')}
                error={first.at('domainId')}
              >
                <RadioCards
                  name="domain"
                  columns={2}
                  options={domains.map((domain) => ({ value: domain.id, label: named(domain) }))}
                  value={basics.domainId || null}
                  onValueChange={(domainId) => set({ domainId })}
                />
              </Field>
              <Field as="group" id="delivery" label={t('basics.delivery')} error={first.at('delivery')}>
                <RadioCards
                  name="delivery"
                  columns={2}
                  options={enums.Delivery.map((value) => ({ value, label: name('Delivery', value) }))}
                  value={basics.delivery}
                  onValueChange={(value) => set({ delivery: value as Delivery })}
                />
              </Field>
              <Field id="updateFrequency" label={t('basics.frequency')} error={first.at('updateFrequency')}>
                <Select
                  options={enums.UpdateFrequency.map((value) => ({ value, label: name('UpdateFrequency', value) }))}
                  value={basics.updateFrequency}
                  onValueChange={(value) => set({ updateFrequency: value as UpdateFrequency })}
                />
              </Field>
              <Checkbox
                className="sm:col-span-2"
                label={t('basics.aggregate')}
                hint={t('basics.aggregateHint')}
                checked={basics.aggregate}
                onCheckedChange={(aggregate) => set({ aggregate })}
              />
            </div>
          </Section>
          <Section title={t('items.title')} lead={t('items.lead')} card>
            <Field as="group" id="itemIds" label={t('items.granted')} error={first.at('itemIds')}>
              <div className="space-y-4">
                <SearchInput label={t('items.search')} value={wanted} onValueChange={setWanted} />
                <p role="status" className="text-13 text-ink-3">
                  {shown.length === 0 ? t('items.none') : t('items.chosen', { count: chosen.length })}
                </p>
                {shown.map((resource) => {
                  const own = items.filter((item) => item.resource.id === resource.id);
                  const all = own.every((item) => chosen.includes(item.id));
                  const ids = own.map((item) => item.id);
                  return (
                    <div key={resource.id}>
                      <Checkbox
                        label={<span className="font-medium">{named(resource)}</span>}
                        hint={t('items.of', {
                          unit: named(resource.sourceUnit),
                          day: format.day(own.map((item) => item.endsOn).sort()[0] ?? ''),
                        })}
                        checked={all}
                        onCheckedChange={(on) => choose(ids, on)}
                      />
                      <div className="ml-7 grid gap-x-6 sm:grid-cols-2">
                        {own.map((item) => (
                          <Checkbox
                            key={item.id}
                            label={
                              <span className="flex flex-wrap items-center gap-1.5">
                                {named(item)}
                                {item.grade && <Badge>{name('Grade', item.grade)}</Badge>}
                                {item.linkage && item.linkage !== 'NONE' && (
                                  <Badge tone="attention">{name('Linkage', item.linkage)}</Badge>
                                )}
                              </span>
                            }
                            checked={chosen.includes(item.id)}
                            onCheckedChange={(on) => choose([item.id], on)}
                          />
                        ))}
                      </div>
                    </div>
                  );
                })}
              </div>
            </Field>
          </Section>
          <Button kind="primary" size="large" pending={drafting} onClick={next}>
            {t('new.next')}
          </Button>
        </>
      ) : (
        <>
          <Section title={t('dictionary.title')} lead={t('dictionary.lead')}>
            <div id="dictionary" tabIndex={-1}>
              <Dictionary
                columns={columns}
                onColumns={(next) => change({ columns: next })}
                items={items.filter((item) => chosen.includes(item.id))}
                faults={faults}
              />
            </div>
          </Section>
          <Section title={t('sample.title')} card>
            <Sample
              id="sample"
              columns={columns}
              text={sample}
              onText={(text) => change({ sample: text })}
              error={second.at('sample')}
              faults={faults}
            />
          </Section>
          <div className="flex gap-3">
            <Button size="large" onClick={() => change({ step: 0 })}>
              {t('new.back')}
            </Button>
            <Button kind="primary" size="large" pending={pending} onClick={save}>
              {t('new.save')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
