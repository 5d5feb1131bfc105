import { type FormEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { ConfirmDialog } from '../../app/confirm';
import { Go } from '../../app/go';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useNamed } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { CheckboxGroup } from '../../ui/choice';
import { Disclosure } from '../../ui/disclosure';
import { Field } from '../../ui/field';
import { TextInput } from '../../ui/input';
import { PageHead, Row, Rows, Section } from '../../ui/layout';
import { Skeleton } from '../../ui/skeleton';
import { EmptyState } from '../../ui/state';
import { linkText } from '../../ui/styles';
import { toast } from '../../ui/toast';
import { BatchPublishDocument } from './batch-publish.gql';
import {
  AgencyBatchesDocument,
  type AgencyBatchesQuery,
  PublishedBatchesDocument,
  type PublishedBatchesQuery,
  SuspendedResourcesDocument,
  type SuspendedResourcesQuery,
} from './batches.gql';
import { FormState, useEntryErrors } from './form';
import { ResourceResumeDocument } from './resource-resume.gql';

type Resource = AgencyBatchesQuery['resources']['edges'][number]['node'];

const nothing = {};
const approved = (data: AgencyBatchesQuery) => data.resources;
const suspended = (data: SuspendedResourcesQuery) => data.resources;
const published = (data: PublishedBatchesQuery) => data.resourceBatches;

/** Approved resources, which the agency publishes as a batch. */
export function Screen() {
  const { t } = useTranslation('agency');
  useTitle(t('batches.title'));
  const variables = useMemo(() => ({}), []);
  const list = useList(AgencyBatchesDocument, variables, approved, { typenames: ['Resource'] });
  return (
    <>
      <PageHead title={t('batches.title')} lead={t('batches.lead')} />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="card" lines={2} />
      ) : (
        <Section title={t('batches.waiting', { count: list.data?.resources.totalCount ?? 0 })} card>
          {list.nodes.length === 0 ? (
            <EmptyState title={t('batches.empty')}>{t('batches.emptyWhy')}</EmptyState>
          ) : (
            <>
              <Publish resources={list.nodes} />
              <More list={list} total={list.data?.resources.totalCount} />
            </>
          )}
        </Section>
      )}
      {list.data && <Suspended />}
      {list.data && <Published />}
    </>
  );
}

/** Published resources that were taken off: the agency puts them back, with its reason. */
function Suspended() {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const list = useList(SuspendedResourcesDocument, nothing, suspended, { typenames: ['Resource'] });
  if (list.problem && !list.data) return <ProblemState problem={list.problem} reload={list.reload} />;
  if (list.nodes.length === 0) return null;
  return (
    <Section title={t('batches.suspended')} lead={t('batches.suspendedLead')}>
      <Rows label={t('batches.suspended')}>
        {list.nodes.map((resource) => (
          <Row
            key={resource.id}
            title={
              <Go to={`/resources/${resource.id}`} className={linkText}>
                {named(resource)}
              </Go>
            }
            meta={<span>{named(resource.sourceUnit)}</span>}
            aside={
              resource.allowedActions.includes('RESUME') && (
                <Act
                  label={t('batches.resume')}
                  title={t('batches.resumeTitle', { name: named(resource) })}
                  consequence={t('batches.resumeConsequence')}
                  done={t('batches.resumed', { name: named(resource) })}
                  mutation={ResourceResumeDocument}
                  variables={(reason) => ({ id: resource.id, reason })}
                  typenames={['Resource', 'Product']}
                />
              )
            }
          />
        ))}
      </Rows>
      <More list={list} />
    </Section>
  );
}

/** What was published before, newest first. */
function Published() {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const format = useFormats();
  const variables = useMemo(() => ({}), []);
  const list = useList(PublishedBatchesDocument, variables, published, { typenames: ['ResourceBatch'] });
  return (
    <Section title={t('batches.published')}>
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="row" lines={2} />
      ) : list.nodes.length === 0 ? (
        <p className="text-ink-2">{t('batches.publishedNone')}</p>
      ) : (
        <>
          <Rows label={t('batches.published')}>
            {list.nodes.map((batch) => (
              <Row
                key={batch.id}
                title={batch.title}
                meta={
                  <>
                    <span>{batch.sourceDocument}</span>
                    <span>{t('batches.publishedOn', { day: format.day(batch.createdAt) })}</span>
                  </>
                }
              >
                <Disclosure summary={t('batches.publishedCount', { count: batch.resources.length })}>
                  <ul className="list-disc pl-5">
                    {batch.resources.map((resource) => (
                      <li key={resource.id}>
                        <Go to={`/resources/${resource.id}`} className={`${linkText} inline-block min-h-6`}>
                          {named(resource)}
                        </Go>
                      </li>
                    ))}
                  </ul>
                </Disclosure>
              </Row>
            ))}
          </Rows>
          <More list={list} />
        </>
      )}
    </Section>
  );
}

/** Those that the viewer may publish are chosen among; to others they are only told. */
function Publish({ resources: all }: { resources: readonly Resource[] }) {
  const { t } = useTranslation('agency');
  const named = useNamed();
  const format = useFormats();
  const id = useId();
  const resources = all.filter((resource) => resource.allowedActions.includes('PUBLISH'));
  const [chosen, setChosen] = useState<string[]>([]);
  const [title, setTitle] = useState('');
  const [document, setDocument] = useState('');
  const [attempt, setAttempt] = useState(0);
  const [confirming, setConfirming] = useState(false);
  const { submit, pending, faults, problem, reset } = useSubmit(BatchPublishDocument, {
    typenames: ['Resource', 'ResourceBatch'],
  });
  // What was published elsewhere meanwhile is gone from the list, and from what is chosen.
  const ids = chosen.filter((one) => resources.some((resource) => resource.id === one));
  const form = useEntryErrors(
    [
      {
        id: `${id}-resources`,
        path: 'input.resourceIds',
        wrong: ids.length > 0 ? undefined : t('batches.resourcesMissing'),
      },
      { id: `${id}-title`, path: 'input.title', wrong: title.trim() ? undefined : t('batches.titleMissing') },
      {
        id: `${id}-document`,
        path: 'input.sourceDocument',
        wrong: document.trim() ? undefined : t('batches.documentMissing'),
      },
    ],
    faults,
    attempt,
  );
  const ask = (event: FormEvent) => {
    event.preventDefault();
    setAttempt(attempt + 1);
    reset();
    if (form.complete) setConfirming(true);
  };
  const send = async () => {
    const outcome = await submit({
      input: { title: title.trim(), sourceDocument: document.trim(), resourceIds: ids },
    });
    if (!outcome) return;
    setConfirming(false);
    if (!outcome.done) return;
    toast(t('batches.done', { title: title.trim(), count: ids.length }));
    setChosen([]);
    setTitle('');
    setDocument('');
    setAttempt(0);
  };
  const about = (resource: Resource) =>
    t('batches.resource', {
      unit: named(resource.sourceUnit),
      domain: named(resource.domain),
      items: format.count(resource.items.length),
      version: resource.contentNumber,
    });
  if (resources.length === 0)
    return (
      <>
        <p className="mb-2 text-ink-2">{t('batches.othersPublish')}</p>
        <ul className="space-y-2">
          {all.map((resource) => (
            <li key={resource.id}>
              {named(resource)} <span className="block text-13 text-ink-3">{about(resource)}</span>
            </li>
          ))}
        </ul>
      </>
    );
  return (
    <form noValidate onSubmit={ask} className="space-y-4">
      <FormState errors={form.errors} rest={form.rest} problem={problem} attempt={attempt} />
      <Field id={`${id}-resources`} label={t('batches.resources')} as="group" error={form.at('input.resourceIds')}>
        <CheckboxGroup
          value={ids}
          onValueChange={setChosen}
          options={resources.map((resource) => ({
            value: resource.id,
            label: named(resource),
            hint: about(resource),
          }))}
        />
      </Field>
      <div className="grid gap-4 md:grid-cols-2">
        <Field
          id={`${id}-title`}
          label={t('batches.name')}
          hint={t('batches.nameHint')}
          error={form.at('input.title')}
          required
        >
          <TextInput value={title} onChange={(event) => setTitle(event.target.value)} />
        </Field>
        <Field
          id={`${id}-document`}
          label={t('document')}
          hint={t('batches.documentHint')}
          error={form.at('input.sourceDocument')}
          required
        >
          <TextInput value={document} onChange={(event) => setDocument(event.target.value)} />
        </Field>
      </div>
      <Button type="submit" kind="primary" size="large">
        {ids.length > 0 ? t('batches.publish', { count: ids.length }) : t('batches.publishNone')}
      </Button>
      <ConfirmDialog
        open={confirming}
        onOpenChange={setConfirming}
        title={t('batches.confirm', { count: ids.length })}
        consequence={t('batches.consequence')}
        confirm={t('batches.publish', { count: ids.length })}
        pending={pending}
        onConfirm={send}
      />
    </form>
  );
}
