import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemState, useProblemText } from '../../app/problem-state';
import { useEvents } from '../../lib/events';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useFaultText } from '../../lib/i18n';
import { ButtonAnchor } from '../../ui/button';
import { Field } from '../../ui/field';
import { Progress } from '../../ui/figures';
import { FileInput } from '../../ui/file-input';
import { Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { DataTable } from '../../ui/table';
import { JobDocument, ProductJobsDocument } from './job.gql';
import type { Edited } from './product';
import { useReject } from './reject';
import { forgetUpload, uploadData, useUpload } from './uploads';

/** The data that is served, and a file to replace it: sent, checked as a job, and refused by row and column where it is wrong. */
export function Data({ product }: { product: Edited }) {
  const { t } = useTranslation('operator');
  const format = useFormats();
  const say = useFaultText();
  const problemText = useProblemText();
  const upload = useUpload(product.id);
  const { data, problem, reload } = useLoad(ProductJobsDocument, { id: product.id }, { typenames: ['Job'] });
  const newest = data?.jobs.edges[0]?.node.id;
  const job = upload?.job ?? (upload ? undefined : newest);
  const sending = upload && !upload.job && !upload.problem;
  return (
    <Section id="data" title={t('tasks.data')} lead={t('data.lead')} card>
      {product.dataset && (
        <p className="mb-3">
          {t('data.served', {
            number: product.dataset.number,
            rows: format.count(product.dataset.rowCount),
            size: format.bytes(product.dataset.bytes),
            day: format.day(product.dataset.createdAt),
          })}
        </p>
      )}
      {product.allowedActions.includes('UPLOAD_DATASET') && (
        <Field id="file" label={t('data.file')} hint={t('data.hint')}>
          <FileInput
            accept=".csv,text/csv"
            pending={Boolean(sending)}
            files={
              upload
                ? [
                    {
                      key: 'file',
                      name: upload.file,
                      size: '',
                      state: upload.problem ? 'failed' : sending ? 'uploading' : 'done',
                      percent: upload.percent,
                      why:
                        upload.problem &&
                        (upload.problem.fault ? say(upload.problem.fault) : problemText(upload.problem).what),
                    },
                  ]
                : []
            }
            onAdd={([file]) => file && uploadData(product.id, file)}
            onRemove={() => forgetUpload(product.id)}
          />
        </Field>
      )}
      {job ? (
        <Check key={job} id={job} columns={product.dictionary} />
      ) : (
        !data && !upload && problem && <ProblemState problem={problem} reload={reload} />
      )}
    </Section>
  );
}

/** How a file fares that is being checked, and what became of it. */
function Check({ id, columns }: { id: string; columns: Edited['dictionary'] }) {
  const { t } = useTranslation('operator');
  const name = useEnum();
  const why = useReject();
  const problemText = useProblemText();
  const format = useFormats();
  const say = useFaultText();
  const { data, problem, reload } = useLoad(JobDocument, { id }, { typenames: ['Job', 'Dataset'] });
  useEvents((event) =>
    (event.kind === 'JOB' && event.job?.id === id) || event.kind === 'READY' ? reload() : undefined,
  );
  const job = data?.job;
  const open = job && (job.state === 'QUEUED' || job.state === 'RUNNING');
  useEffect(() => {
    if (!open) return;
    const timer = setInterval(reload, 3000); // where no stream tells
    return () => clearInterval(timer);
  }, [open, reload]);
  if (!job) return problem ? <ProblemState problem={problem} reload={reload} /> : null;
  if (open) {
    return (
      <div className="mt-4">
        <Progress
          label={t('data.checking')}
          percent={job.total ? Math.round((job.done / job.total) * 100) : null}
          doing={job.stage ? name('JobStage', job.stage) : name('JobState', job.state)}
          left={job.secondsLeft === null ? undefined : t('data.seconds', { count: job.secondsLeft })}
        />
        <p className="mt-1 text-13 text-ink-3">{problem ? problemText(problem).title : t('data.leave')}</p>
      </div>
    );
  }
  // Of a file that was not in UTF-8 the encoding is a guess.
  const encoding = job.encoding && <p>{t('data.encoding', { encoding: name('TextEncoding', job.encoding) })}</p>;
  if (job.state === 'DONE' && job.dataset?.accepted) {
    return (
      <Notice tone="success" className="mt-4" live>
        <p>{t('data.accepted', { number: job.dataset.number, rows: format.count(job.rows) })}</p>
        {encoding}
      </Notice>
    );
  }
  return (
    <div className="mt-4 space-y-3">
      <Notice
        tone="refused"
        live
        title={t('data.refused')}
        actions={
          job.rejectCount > 0 && (
            <ButtonAnchor href={`/uploads/datasets/${id}/rejects.csv`} size="small">
              {t('data.rejectsFile')}
            </ButtonAnchor>
          )
        }
      >
        {job.refusals.length > 0
          ? job.refusals.map(say).join(' ')
          : job.dataset
            ? name('EgressReason', job.dataset.egress.reason)
            : name('JobState', job.state)}
        {encoding}
      </Notice>
      {job.rejects.length > 0 && (
        <DataTable
          caption={
            job.rejectCount > job.rejects.length
              ? t('data.rejectsFirst', { total: format.count(job.rejectCount), shown: job.rejects.length })
              : t('data.rejects', { count: job.rejectCount })
          }
          showCaption
          rows={job.rejects}
          rowKey={(reject) => `${reject.row} ${reject.column} ${reject.position} ${reject.code}`}
          columns={[
            {
              key: 'row',
              head: t('data.row'),
              rowHeader: true,
              numeric: true,
              cell: (reject) => (reject.row === null ? t('data.whole') : format.count(reject.row)),
            },
            { key: 'column', head: t('data.column'), nowrap: true, cell: (reject) => reject.column ?? reject.position },
            {
              key: 'why',
              head: t('data.why'),
              cell: (reject) =>
                why(
                  reject.code,
                  columns.find((column) => column.name === reject.column),
                ),
            },
          ]}
        />
      )}
    </div>
  );
}
