import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Act } from '../../app/act';
import { ProblemState } from '../../app/problem-state';
import { useTitle } from '../../app/title';
import { statementTones } from '../../app/tones';
import { useViewer } from '../../app/viewer';
import { useFormats } from '../../lib/format';
import { useLoad } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import { StatusBadge } from '../../ui/badge';
import { KpiStrip } from '../../ui/figures';
import { Breadcrumbs, DescriptionList, PageHead, Section } from '../../ui/layout';
import { Notice } from '../../ui/notice';
import { Skeleton } from '../../ui/skeleton';
import { linkText } from '../../ui/styles';
import { DataTable } from '../../ui/table';
import { AnswerStatementDocument } from './answer.gql';
import { ObjectToStatementDocument } from './object.gql';
import { statementRoute } from './routes';
import { StatementDocument, type StatementQuery } from './statement.gql';

type Statement = NonNullable<StatementQuery['statement']>;

/** One month of a contributor: how its figures come about, and whether somebody objects. */
export function Screen() {
  const { t } = useTranslation('settlement');
  const { id } = statementRoute.useParams();
  const { viewer } = useViewer();
  const format = useFormats();
  const named = useNamed();
  const name = useEnum();
  const { data, loading, problem, reload } = useLoad(StatementDocument, { id }, { typenames: ['Statement'] });
  const statement = data?.statement ?? undefined;
  const title = statement && t('of', { month: format.month(statement.month) });
  useTitle(title);
  if (loading || (!data && !problem)) return <Skeleton shape="facts" lines={8} />;
  if (!statement) return <ProblemState whole problem={problem ?? { kind: 'absent' }} reload={reload} />;
  const { contributor, month } = statement;
  const mine = contributor?.id === viewer?.organisation?.id;
  // To the shares that it is the sum of, for those who have a page of them.
  const parties = viewer?.organisation?.parties ?? [];
  const trail = parties.includes('SOURCE_UNIT')
    ? '/source/income/line'
    : parties.includes('OPERATOR')
      ? '/operator/revenue/line'
      : undefined;
  return (
    <>
      <PageHead
        breadcrumbs={
          <Breadcrumbs
            items={[
              {
                key: 'list',
                node: mine ? (
                  <Link to="/statements">{t('statements')}</Link>
                ) : (
                  <Link to="/settlement/statements" search={{ month }}>
                    {t('month.title')}
                  </Link>
                ),
              },
              { key: 'this', node: title },
            ]}
          />
        }
        title={title}
        meta={
          <>
            <StatusBadge tone={statementTones[statement.status]}>
              {name('StatementStatus', statement.status)}
            </StatusBadge>
            {contributor && <span>{named(contributor)}</span>}
            {statement.finalAt && <span>{t('finalAt', { moment: format.moment(statement.finalAt) })}</span>}
          </>
        }
        actions={
          statement.canObject ? (
            <Act
              label={t('object.act')}
              title={t('object.title', { month: format.month(month) })}
              consequence={t('object.consequence')}
              done={t('object.done')}
              ask={{ label: t('object.reason'), hint: t('object.hint') }}
              keptAs={`object.${id}`}
              mutation={ObjectToStatementDocument}
              variables={(reason) => ({ id, reason })}
              typenames={['Statement']}
            />
          ) : (
            statement.canAnswer && (
              <Act
                kind="primary"
                label={t('answer.act')}
                title={t('answer.title', { name: contributor ? named(contributor) : t('contributor') })}
                consequence={t('answer.consequence')}
                done={t('answer.done')}
                ask={{ label: t('answer.text'), hint: t('answer.hint') }}
                keptAs={`answer.${id}`}
                mutation={AnswerStatementDocument}
                variables={(answer) => ({ id, answer })}
                typenames={['Statement']}
              />
            )
          )
        }
      />
      <KpiStrip
        label={t('figures')}
        items={(['opening', 'earned', 'reversed', 'paid', 'closing'] as const).map((key) => ({
          key,
          label: t(`figure.${key}`),
          value: format.money(statement[key]),
          basis: t(`basis.${key}`),
        }))}
      />
      {statement.closing.amount.startsWith('-') && (
        <Notice tone="attention" className="mb-6" title={t('owes.title')}>
          {t('owes.why')}
        </Notice>
      )}
      <Objection statement={statement} />
      <Section title={t('lines')} lead={t('linesLead')}>
        <DataTable
          caption={t('lines')}
          rows={statement.lines.map((line, i) => ({ ...line, place: String(i) }))}
          rowKey={(line) => line.place}
          empty={<p className="p-3 text-ink-2">{t('noLines')}</p>}
          columns={[
            {
              key: 'product',
              head: t('product'),
              rowHeader: true,
              cell: ({ product }) =>
                product ? (
                  <Link to="/products/$id" params={{ id: product.id }} className={linkText}>
                    {named(product)}
                  </Link>
                ) : (
                  t('productHidden')
                ),
            },
            {
              key: 'earned',
              head: t('figure.earned'),
              numeric: true,
              cell: ({ product, earned }) =>
                product && contributor && trail ? (
                  <Link
                    to={trail}
                    search={{ product: product.id, month, contributor: contributor.id }}
                    className={linkText}
                  >
                    {format.money(earned)}
                  </Link>
                ) : (
                  format.money(earned)
                ),
            },
            { key: 'reversed', head: t('figure.reversed'), numeric: true, cell: (line) => format.money(line.reversed) },
          ]}
        />
      </Section>
      {statement.payouts.length > 0 && (
        <Section title={t('paidOut.title')} lead={t('paidOut.lead')}>
          <DataTable
            caption={t('paidOut.title')}
            rows={statement.payouts.map((payout, i) => ({ ...payout, place: String(i) }))}
            rowKey={(payout) => payout.place}
            columns={[
              {
                key: 'at',
                head: t('paidOut.at'),
                rowHeader: true,
                nowrap: true,
                cell: (payout) => format.moment(payout.createdAt),
              },
              { key: 'reference', head: t('paidOut.reference'), cell: (payout) => payout.reference },
              {
                key: 'amount',
                head: t('paidOut.amount'),
                numeric: true,
                cell: (payout) => format.money(payout.amount),
              },
            ]}
          />
        </Section>
      )}
    </>
  );
}

/** What its contributor objected to, and what it was answered. */
function Objection({ statement }: { statement: Statement }) {
  const { t } = useTranslation('settlement');
  const format = useFormats();
  if (!statement.objection) return null;
  return (
    <Section title={t('objection.title')} card>
      <DescriptionList
        facts={[
          {
            key: 'at',
            term: t('objection.at'),
            value: statement.objectedAt && format.moment(statement.objectedAt),
          },
          {
            key: 'reason',
            term: t('objection.reason'),
            value: <span className="whitespace-pre-line">{statement.objection}</span>,
          },
          {
            key: 'answer',
            term: t('objection.answer'),
            value: <span className="whitespace-pre-line">{statement.answer || t('objection.waiting')}</span>,
          },
        ]}
      />
    </Section>
  );
}
