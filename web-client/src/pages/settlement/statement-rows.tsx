import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { statementTones } from '../../app/tones';
import { useFormats } from '../../lib/format';
import { useList } from '../../lib/graphql';
import { useEnum, useNamed } from '../../lib/i18n';
import type { StatementStatus } from '../../lib/schema.gql';
import { StatusBadge } from '../../ui/badge';
import { Row } from '../../ui/layout';
import { Listed } from './listed';
import { StatementsDocument, type StatementsQuery } from './statements.gql';

const statements = (data: StatementsQuery) => data.statements;

/** Statements that the viewer may see, newest first; of one month they are told apart by their contributor, else by their month. */
export function StatementRows({ month, status }: { month?: string; status?: StatementStatus }) {
  const { t } = useTranslation('settlement');
  const format = useFormats();
  const named = useNamed();
  const name = useEnum();
  const variables = useMemo(() => ({ month, status, first: 20 }), [month, status]);
  const list = useList(StatementsDocument, variables, statements, { typenames: ['Statement'] });
  return (
    <Listed
      list={list}
      label={t('statements')}
      empty={{ title: t('empty.title'), why: month ? t('empty.whyMonth') : t('empty.why') }}
      one={(statement) => (
        <Row
          key={statement.id}
          level={2}
          title={
            <Link to="/statements/$id" params={{ id: statement.id }}>
              {month && statement.contributor ? named(statement.contributor) : format.month(statement.month)}
            </Link>
          }
          marks={
            <StatusBadge tone={statementTones[statement.status]}>
              {name('StatementStatus', statement.status)}
            </StatusBadge>
          }
          meta={(['opening', 'earned', 'reversed', 'paid'] as const).map((figure) => (
            <span key={figure} className="tabular-nums">
              {t(`figure.${figure}`)} {format.money(statement[figure])}
            </span>
          ))}
          aside={
            <>
              <span className="block text-ink-3 text-xs">{t('figure.closing')}</span>
              <span className="font-semibold text-base text-ink tabular-nums">{format.money(statement.closing)}</span>
            </>
          }
        />
      )}
    />
  );
}
