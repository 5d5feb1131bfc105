import { useNavigate } from '@tanstack/react-router';
import { useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonLimit } from '../../app/act';
import { ConfirmDialog } from '../../app/confirm';
import { useKept } from '../../app/kept';
import { Refused } from '../../app/refused';
import { Trouble } from '../../app/trouble';
import { useFormats } from '../../lib/format';
import { useEnum, useFaultText, useNamed, useSubjectName } from '../../lib/i18n';
import type { Outcome, ProceedingKind, Step } from '../../lib/schema.gql';
import { faultAt, useSubmit } from '../../lib/submit';
import { Button } from '../../ui/button';
import { RadioCards, RadioGroup } from '../../ui/choice';
import { CopyButton } from '../../ui/code';
import { Field } from '../../ui/field';
import { FormErrors } from '../../ui/form-errors';
import { TextArea } from '../../ui/input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { toast } from '../../ui/toast';
import { DeskDecideDocument } from './decide.gql';
import { useKeys } from './keys';
import { phrasesOf } from './phrases';
import type { ProceedingFacts } from './proceeding';
import { useNextOf } from './queue';

/** What was begun and not sent: looking at another one loses nothing. */
interface Draft {
  step?: Step;
  outcome?: Outcome;
  reason: string;
  /** How many decisions there were then. */
  known?: number;
}

const draftOf = (proceedingId: string) => `decision.${proceedingId}`;

/** The decision: in which capacity, which way, and why. After it the next of the queue opens. */
export function Decision({ proceeding, onStale }: { proceeding: ProceedingFacts; onStale: () => void }) {
  const { t } = useTranslation('review');
  const open = proceeding.allowedSteps.length > 0;
  const known = useRef<number>(undefined);
  if (open) known.current = proceeding.decisions.length;
  if (open) return <Form proceeding={proceeding} onStale={onStale} />;
  return (
    <Section title={t('decision')} card>
      <Overtaken proceeding={proceeding} known={known.current} />
      <p className="text-ink-2">{proceeding.endedAt ? t('decisionEnded') : t('decisionOthers')}</p>
    </Section>
  );
}

/** Says why what was open here is so no more, as far as that is known, and gives back what was typed for it. */
function Overtaken({
  proceeding,
  known,
}: {
  proceeding: ProceedingFacts;
  /** How many decisions there were while it was open here. */
  known: number | undefined;
}) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const named = useNamed();
  const format = useFormats();
  const { typed, drop } = useKept<Draft>(draftOf(proceeding.id), { reason: '' });
  const newer = proceeding.decisions.slice(known ?? typed.known ?? proceeding.decisions.length).at(-1);
  const reason = typed.reason.trim();
  if (known === undefined && !reason) return null;
  return (
    <Notice
      tone="attention"
      live
      className="mb-3"
      title={
        proceeding.state === 'WITHDRAWN'
          ? t('overtaken.withdrawn', { at: proceeding.endedAt && format.moment(proceeding.endedAt) })
          : newer
            ? t('overtaken.decided', {
                who:
                  newer.person?.displayName ??
                  (newer.organisation ? named(newer.organisation) : t('overtaken.somebody')),
                at: format.moment(newer.createdAt),
                outcome: name('Outcome', newer.outcome),
              })
            : t('overtaken.closed')
      }
      actions={
        reason && (
          <>
            <CopyButton text={reason} label={t('overtaken.copy')} />
            <Button size="small" onClick={drop}>
              {t('overtaken.drop')}
            </Button>
          </>
        )
      }
    >
      {reason && (
        <>
          <p>{t('overtaken.kept')}</p>
          <p className="mt-1 whitespace-pre-line text-ink-2">{reason}</p>
        </>
      )}
    </Notice>
  );
}

function Form({ proceeding, onStale }: { proceeding: ProceedingFacts; onStale: () => void }) {
  const { t } = useTranslation('review');
  const name = useEnum();
  const say = useFaultText();
  const subjectName = useSubjectName();
  const navigate = useNavigate();
  const id = useId();
  const next = useNextOf(proceeding.id);
  const { submit, pending, faults, problem, reset } = useSubmit(DeskDecideDocument, { typenames: ['Proceeding'] });
  const { typed: draft, change: keep, drop } = useKept<Draft>(draftOf(proceeding.id), { reason: '' });
  const change = (part: Partial<Draft>) => keep({ ...part, known: proceeding.decisions.length });
  const [attempt, setAttempt] = useState(0);
  const [confirming, setConfirming] = useState(false);
  const reasonBox = useRef<HTMLTextAreaElement>(null);
  const steps = proceeding.allowedSteps;
  const step = draft.step && steps.includes(draft.step) ? draft.step : steps[0];
  const choose = (outcome: Outcome) => {
    change({ outcome });
    reasonBox.current?.focus();
    reasonBox.current?.scrollIntoView({ block: 'nearest' });
  };
  useKeys({ a: () => choose('APPROVE'), r: () => choose('REFUSE') });

  const reason = draft.reason.trim();
  const wrong = {
    outcome: draft.outcome ? undefined : t('outcomeMissing'),
    reason: !reason
      ? t('reasonMissing')
      : [...reason].length > reasonLimit
        ? t('reasonLong', { limit: reasonLimit })
        : undefined,
  };
  const refusedReason = faultAt(faults, 'input.reason');
  const others = faults.filter((fault) => fault !== refusedReason);
  const shown = attempt > 0;
  const errors = [
    ...(shown && wrong.outcome ? [{ field: `${id}-outcome`, message: wrong.outcome }] : []),
    ...(shown && wrong.reason ? [{ field: `${id}-reason`, message: wrong.reason }] : []),
    ...(refusedReason ? [{ field: `${id}-reason`, message: say(refusedReason) }] : []),
  ];
  const ask = () => {
    setAttempt(attempt + 1);
    reset();
    if (!wrong.outcome && !wrong.reason) setConfirming(true);
  };
  const send = async () => {
    if (!step || !draft.outcome) return;
    const outcome = await submit({ id: proceeding.id, input: { step, outcome: draft.outcome, reason } });
    if (!outcome) return;
    setConfirming(false);
    if (!outcome.done) return;
    drop();
    toast(t(`done.${draft.outcome}`, { name: subjectName(proceeding) }));
    const decided = outcome.data.proceedingDecide?.proceeding;
    const { subject } = proceeding;
    if (decided?.allowedSteps.length) setAttempt(0);
    // A permitted revenue in force leads on to the caps under it.
    else if (subject?.__typename === 'PermittedRevenue' && decided?.state === 'APPROVED')
      navigate({ to: '/pricing/$id', params: { id: subject.operator.id }, search: { year: subject.year } });
    else if (next) navigate({ to: '/review/$id', params: { id: next }, search: true });
    else navigate({ to: '/review', search: true });
  };

  return (
    <Section title={t('decision')} card>
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <FormErrors errors={errors} attempt={attempt} />
        <Refused faults={others} actions={<Button onClick={onStale}>{t('reload')}</Button>} />
        <Trouble problem={problem} />
        {steps.length > 1 ? (
          <Field label={t('step')} as="group">
            <RadioGroup
              name={`${id}-step`}
              options={steps.map((one) => ({ value: one, label: name('Step', one) }))}
              value={step ?? null}
              onValueChange={(value) => change({ step: steps.find((one) => one === value) })}
            />
          </Field>
        ) : (
          step && <p className="text-ink-2">{t('decideAs', { step: name('Step', step) })}</p>
        )}
        <Field id={`${id}-outcome`} label={t('outcome')} as="group" error={shown ? wrong.outcome : undefined}>
          <RadioCards
            name={`${id}-outcome`}
            options={[
              { value: 'APPROVE', label: name('Outcome', 'APPROVE') },
              { value: 'REFUSE', label: name('Outcome', 'REFUSE') },
            ]}
            columns={2}
            value={draft.outcome ?? null}
            onValueChange={(value) => change({ outcome: value as Outcome })}
          />
        </Field>
        <Field
          id={`${id}-reason`}
          label={t('reason')}
          hint={t('reasonHint')}
          required
          error={refusedReason ? say(refusedReason) : shown ? wrong.reason : undefined}
        >
          <TextArea
            ref={reasonBox}
            rows={5}
            limit={reasonLimit}
            value={draft.reason}
            onChange={(event) => change({ reason: event.target.value })}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
                event.preventDefault();
                ask();
              }
            }}
          />
        </Field>
        {draft.outcome && (
          <Phrases
            kind={proceeding.kind}
            outcome={draft.outcome}
            onChoose={(phrase) => {
              const before = draft.reason.trimEnd();
              if (before.includes(phrase)) return;
              change({ reason: before ? `${before}\n${phrase}` : phrase });
              reasonBox.current?.focus();
            }}
          />
        )}
        <Button type="submit" kind={draft.outcome === 'REFUSE' ? 'danger' : 'primary'} size="large" block>
          {draft.outcome ? t(`send.${draft.outcome}`) : t('send.none')}
        </Button>
      </form>
      {confirming && draft.outcome && (
        <ConfirmDialog
          open
          onOpenChange={setConfirming}
          title={t(`confirm.${draft.outcome}`, { name: subjectName(proceeding) })}
          consequence={t(`consequence.${proceeding.kind}.${draft.outcome}`)}
          confirm={t(`send.${draft.outcome}`)}
          danger={draft.outcome === 'REFUSE'}
          pending={pending}
          onConfirm={send}
        />
      )}
    </Section>
  );
}

/** Common sentences of a reason; pressing one adds it, and it can be changed. */
function Phrases({
  kind,
  outcome,
  onChoose,
}: {
  kind: ProceedingKind;
  outcome: Outcome;
  onChoose: (phrase: string) => void;
}) {
  const { t } = useTranslation('review');
  return (
    <div>
      <p className="mb-1 text-13 text-ink-3">{t('phrases')}</p>
      <ul className="space-y-1">
        {phrasesOf(kind, outcome).map((key) => {
          const phrase = t(`phrase.${key}`);
          return (
            <li key={key}>
              <Button kind="quiet" size="small" className="justify-start! text-left!" onClick={() => onChoose(phrase)}>
                {phrase}
              </Button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
