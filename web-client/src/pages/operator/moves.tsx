import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EvidenceField } from '../../app/evidence-field';
import { useProblemText } from '../../app/problem-state';
import { useFormErrors } from '../../lib/form';
import { useFaultText } from '../../lib/i18n';
import { useSubmit } from '../../lib/submit';
import { useEvidence } from '../../lib/upload';
import { Button } from '../../ui/button';
import { ConfirmDialog } from '../../ui/dialog';
import { FormErrors } from '../../ui/form-errors';
import { Notice } from '../../ui/notice';
import { toast } from '../../ui/toast';
import { ListProductDocument } from './list.gql';
import type { Edited } from './product';
import { RetireProductDocument } from './retire.gql';
import { SubmitProductDocument } from './submit.gql';
import { SuspendProductDocument } from './suspend.gql';

const touched = { typenames: ['Product', 'Proceeding'] };

/** Asks for review, with the compliance file as evidence. */
export function Submits({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const problemText = useProblemText();
  const evidence = useEvidence();
  const { submit, pending, faults, problem } = useSubmit(SubmitProductDocument, touched);
  const { at, errors, attempt, ready } = useFormErrors(
    { evidence: evidence.uploading ? t('missing.uploading') : evidence.ids.length === 0 && t('missing.evidence') },
    faults,
  );
  const send = async () => {
    if (!ready()) return;
    const outcome = await submit({ id: product.id, evidence: evidence.ids });
    if (outcome?.done) toast(t('review.done'));
  };
  return (
    <div className="space-y-4">
      <FormErrors errors={errors} attempt={attempt} />
      {problem && (
        <Notice tone="attention" live title={problemText(problem).title}>
          {problemText(problem).what}
        </Notice>
      )}
      <EvidenceField
        id="evidence"
        evidence={evidence}
        label={t('review.evidence')}
        hint={t('review.evidenceHint')}
        error={at('evidence')}
      />
      <Button kind="primary" size="large" pending={pending} onClick={send}>
        {t('review.submit')}
      </Button>
    </div>
  );
}

/** Puts a product on the market. */
export function Lists({ id }: { id: string }) {
  const { t } = useTranslation('operator');
  const say = useFaultText();
  const [open, setOpen] = useState(false);
  const { submit, pending, faults } = useSubmit(ListProductDocument, touched);
  return (
    <>
      <Button kind="primary" onClick={() => setOpen(true)}>
        {t('list.act')}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t('list.title')}
        consequence={t('list.consequence')}
        confirm={t('list.confirm')}
        pending={pending}
        error={faults.length > 0 && faults.map(say).join(' ')}
        onConfirm={async () => {
          const outcome = await submit({ id });
          if (!outcome?.done) return;
          setOpen(false);
          toast(t('list.done'));
        }}
      />
    </>
  );
}

/** Takes a product off the market for a while. */
export function Suspend({ id }: { id: string }) {
  const { t } = useTranslation('operator');
  const say = useFaultText();
  const [open, setOpen] = useState(false);
  const { submit, pending, faults } = useSubmit(SuspendProductDocument, touched);
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('suspend.act')}</Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t('suspend.title')}
        consequence={t('suspend.consequence')}
        confirm={t('suspend.act')}
        danger
        reason={{ label: t('reason'), limit: 2000 }}
        pending={pending}
        error={faults.length > 0 && faults.map(say).join(' ')}
        onConfirm={async (reason) => {
          const outcome = await submit({ id, reason });
          if (!outcome?.done) return;
          setOpen(false);
          toast(t('suspend.done'));
        }}
      />
    </>
  );
}

/** Takes a product off the market for good. */
export function Retire({ id }: { id: string }) {
  const { t } = useTranslation('operator');
  const say = useFaultText();
  const [open, setOpen] = useState(false);
  const { submit, pending, faults } = useSubmit(RetireProductDocument, touched);
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        {t('retire.act')}
      </Button>
      <ConfirmDialog
        open={open}
        onOpenChange={setOpen}
        title={t('retire.title')}
        consequence={t('retire.consequence')}
        confirm={t('retire.act')}
        danger
        reason={{ label: t('reason'), limit: 2000 }}
        pending={pending}
        error={faults.length > 0 && faults.map(say).join(' ')}
        onConfirm={async (reason) => {
          const outcome = await submit({ id, reason });
          if (!outcome?.done) return;
          setOpen(false);
          toast(t('retire.done'));
        }}
      />
    </>
  );
}
