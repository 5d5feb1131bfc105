import { type FormEvent, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { More } from '../../app/more';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { Trouble } from '../../app/trouble';
import { Words } from '../../app/words';
import { useList } from '../../lib/graphql';
import { useFaultText } from '../../lib/i18n';
import type { Fault } from '../../lib/problem';
import { useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { Dialog } from '../../ui/dialog';
import { Field } from '../../ui/field';
import { TextArea } from '../../ui/input';
import { PageHead } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { DataTable } from '../../ui/table';
import { toast } from '../../ui/toast';
import { FormState, useEntryErrors } from './form';
import { synonymsRoute } from './routes';
import { SynonymGroupRemoveDocument } from './synonym-group-remove.gql';
import { SynonymGroupSaveDocument } from './synonym-group-save.gql';
import { SynonymsDocument, type SynonymsQuery } from './synonyms.gql';

type Group = SynonymsQuery['synonymGroups']['edges'][number]['node'];

const groups = (data: SynonymsQuery) => data.synonymGroups;

/** Words that mean the same to the search: whoever looks for one finds what has another. */
export function Screen() {
  const { t } = useTranslation('agency');
  useTitle(t('synonyms.title'));
  const { q } = synonymsRoute.useSearch();
  const navigate = synonymsRoute.useNavigate();
  const find = (q: string | undefined) => navigate({ search: { q }, resetScroll: false });
  const variables = useMemo(() => ({ query: q }), [q]);
  const list = useList(SynonymsDocument, variables, groups, { typenames: ['SynonymGroup'] });
  const [chosen, setChosen] = useState<Group | 'new'>();
  const key = chosen === 'new' ? 'new' : (chosen?.id ?? '');
  // What was typed of a group that was left to look at another one.
  const [left, setLeft] = useState<{ of: string; text: string }>();
  // Here and not in the dialog, which is gone when it is taken back.
  const restore = useSubmit(SynonymGroupSaveDocument, { typenames: ['SynonymGroup'] });
  const say = useFaultText();
  return (
    <>
      <PageHead
        title={t('synonyms.title')}
        lead={t('synonyms.lead')}
        actions={
          <Button kind="primary" onClick={() => setChosen('new')}>
            {t('synonyms.add')}
          </Button>
        }
      />
      <Words className="mb-4" label={t('synonyms.find')} hint={t('synonyms.find')} asked={q} onAsk={find} />
      {list.problem && !list.data ? (
        <ProblemState problem={list.problem} reload={list.reload} />
      ) : list.loading ? (
        <Skeleton shape="table" lines={8} columns={2} />
      ) : (
        <div className={list.stale ? 'opacity-70' : undefined} aria-busy={list.stale}>
          <DataTable
            caption={t('synonyms.title')}
            rows={list.nodes}
            rowKey={(group) => group.id}
            empty={<p className="p-4 text-ink-2">{t('synonyms.empty')}</p>}
            columns={[
              {
                key: 'words',
                head: t('synonyms.words'),
                rowHeader: true,
                cell: (group) => <span className="font-normal">{group.words.join(t('synonyms.separator'))}</span>,
              },
              {
                key: 'act',
                head: t('synonyms.act'),
                cell: (group) => (
                  <Button
                    size="small"
                    aria-label={t('synonyms.editOf', { word: group.words[0] })}
                    onClick={() => setChosen(group)}
                  >
                    {t('synonyms.edit')}
                  </Button>
                ),
              },
            ]}
          />
          <More list={list} />
        </div>
      )}
      {restore.faults.map((fault) => (
        <Notice key={`${fault.code}:${fault.field}`} tone="refused" live className="mt-4">
          {say(fault)}
        </Notice>
      ))}
      <Trouble problem={restore.problem}>{t('synonyms.notRestored')}</Trouble>
      {chosen && (
        <Edit
          key={key}
          group={chosen === 'new' ? undefined : chosen}
          left={left?.of === key ? left.text : undefined}
          onRestore={(words) => restore.submit({ input: { words } })}
          onLeave={(text, word) => {
            setLeft({ of: key, text });
            setChosen(undefined);
            find(word);
          }}
          onClose={() => {
            setLeft(undefined);
            setChosen(undefined);
          }}
        />
      )}
    </>
  );
}

/** Each other group that has words already: these, and its own first one. */
function elsewhere(faults: readonly Fault[]): { group: string; words: string[]; first: string }[] {
  const groups = new Map<string, { group: string; words: string[]; first: string }>();
  for (const fault of faults) {
    const { group, word, words } = Object.fromEntries((fault.params ?? []).map(({ name, value }) => [name, value]));
    if (fault.code !== 'SYNONYM_ELSEWHERE' || !group || !word || !words) continue;
    const before = groups.get(group)?.words ?? [];
    groups.set(group, { group, words: [...before, word], first: words.split(', ')[0] ?? word });
  }
  return [...groups.values()];
}

function Edit({
  group,
  left,
  onClose,
  onLeave,
  onRestore,
}: {
  group?: Group;
  /** What was typed before it was left. */
  left?: string;
  onClose: () => void;
  /** Leaves what is typed for the group that has a word. */
  onLeave: (text: string, word: string) => void;
  onRestore: (words: string[]) => void;
}) {
  const { t } = useTranslation('agency');
  const id = useId();
  const [text, setText] = useState(left ?? group?.words.join('\n') ?? '');
  const [attempt, setAttempt] = useState(0);
  const save = useSubmit(SynonymGroupSaveDocument, { typenames: ['SynonymGroup'] });
  const remove = useSubmit(SynonymGroupRemoveDocument, { typenames: ['SynonymGroup'] });
  const words = text
    .split(/[\n,，、;；]/)
    .map((word) => word.trim())
    .filter(Boolean);
  const form = useEntryErrors(
    [{ id: `${id}-words`, path: 'input.words', wrong: words.length < 2 ? t('synonyms.few') : undefined }],
    // Which word is wrong is said of the box that has them all.
    [...save.faults, ...remove.faults].map((fault) =>
      fault.field?.startsWith('input.words') ? { ...fault, field: 'input.words' } : fault,
    ),
    attempt,
  );
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setAttempt(attempt + 1);
    if (words.length < 2) return;
    const outcome = await save.submit({ input: { id: group?.id, version: group?.version, words } });
    if (!outcome?.done) return;
    toast(t('synonyms.done'));
    onClose();
  };
  const drop = async () => {
    if (!group) return;
    const outcome = await remove.submit({ id: group.id, version: group.version });
    if (!outcome?.done) return;
    toast(t('synonyms.removed', { word: group.words[0] }), {
      label: t('synonyms.undo'),
      onUndo: () => onRestore(group.words),
    });
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={group ? t('synonyms.editOf', { word: group.words[0] }) : t('synonyms.add')}
      description={t('synonyms.consequence')}
      actions={
        <>
          {group && (
            <Button kind="quiet" className="mr-auto" pending={remove.pending} onClick={drop}>
              {t('synonyms.remove')}
            </Button>
          )}
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" form={`${id}-form`} kind="primary" pending={save.pending}>
            {t('synonyms.save')}
          </Button>
        </>
      }
    >
      <form id={`${id}-form`} noValidate onSubmit={send} className="space-y-4 pb-2">
        <FormState errors={form.errors} rest={form.rest} problem={save.problem ?? remove.problem} attempt={attempt} />
        <Field
          id={`${id}-words`}
          label={t('synonyms.words')}
          hint={t('synonyms.wordsHint')}
          error={form.at('input.words')}
          required
        >
          <TextArea rows={6} value={text} onChange={(event) => setText(event.target.value)} />
        </Field>
        {elsewhere(save.faults).map(({ group, words, first }) => (
          <p key={group}>
            {t('synonyms.elsewhere', { words: words.join(t('synonyms.separator')) })}
            <Button kind="quiet" size="small" onClick={() => onLeave(text, first)}>
              {t('synonyms.show', { word: first })}
            </Button>
          </p>
        ))}
      </form>
    </Dialog>
  );
}
