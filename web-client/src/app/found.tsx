import clsx from 'clsx';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useEnum } from '../lib/i18n';
import type { SearchField } from '../lib/schema.gql';
import { Button } from '../ui/button';
import { Notice } from '../ui/notice';

/** A text in which words were found, in pieces: by turns what was not searched for and what was. */
export interface Match {
  field: SearchField;
  pieces: readonly string[];
}

/** What a search says of how it was answered. */
interface Answer {
  corrected: string | null;
  dropped: readonly string[];
  isReduced: boolean;
}

/** A text with what was found in it marked. */
export function Marked({ match, className }: { match: Match; className?: string }) {
  return (
    <span className={className}>
      {match.pieces.map((piece, i) =>
        i % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other
          <mark key={i} className="rounded-xs bg-amber-soft text-ink">
            {piece}
          </mark>
        ) : (
          piece
        ),
      )}
    </span>
  );
}

/** A name, marked where it is that which was found. */
export function MarkedName({ name, matches }: { name: string; matches: readonly Match[] }) {
  const match = matches.find((one) => one.field === 'NAME' && textOf(one) === name);
  return match ? <Marked match={match} /> : name;
}

const textOf = (match: Match) => match.pieces.join('');

/** Where else than in the name something was found: the place and the text. */
export function FoundIn({ matches, className }: { matches: readonly Match[]; className?: string }) {
  const { t } = useTranslation('search');
  const name = useEnum();
  const others = matches.filter((match) => match.field !== 'NAME' && match.field !== 'DESCRIPTION').slice(0, 3);
  if (others.length === 0) return null;
  return (
    <span className={clsx('flex flex-wrap gap-x-4 text-13 text-ink-2', className)}>
      {others.map((match) => (
        <span key={match.field} className="min-w-0 break-words">
          <span className="text-ink-3">{t('place', { place: name('SearchField', match.field) })}</span>
          <Marked match={match} />
        </span>
      ))}
    </span>
  );
}

/** What a description says where it was found, or all of it. */
export function FoundText({ matches, children }: { matches: readonly Match[]; children: string }) {
  const match = matches.find((one) => one.field === 'DESCRIPTION');
  return match ? <Marked match={match} /> : children;
}

/** That something else was searched for than was asked, that words were left out, or that the search is away. */
export function HowFound({
  answer,
  asked,
  found,
  onAsk,
}: {
  answer: Answer;
  asked?: string;
  found: boolean;
  onAsk: (words: string) => void;
}) {
  const { t } = useTranslation('search');
  const says: ReactNode[] = [];
  if (answer.isReduced) says.push(<p key="reduced">{t('reduced')}</p>);
  if (answer.corrected && found) {
    says.push(
      <p key="corrected">
        {t('corrected', { asked, corrected: answer.corrected })}{' '}
        <Button kind="quiet" size="small" onClick={() => onAsk(answer.corrected as string)}>
          {t('ask', { words: answer.corrected })}
        </Button>
      </p>,
    );
  }
  if (answer.dropped.length > 0 && found) {
    says.push(<p key="dropped">{t('dropped', { words: answer.dropped.join(t('separator')) })}</p>);
  }
  return says.length > 0 ? (
    <Notice live tone={answer.isReduced ? 'attention' : 'info'} className="mb-3">
      {says}
    </Notice>
  ) : null;
}
