import { useTranslation } from 'react-i18next';
import type { List } from '../lib/graphql';
import { Button } from '../ui/button';
import { LoadMore } from '../ui/code';
import { Notice } from '../ui/notice';
import { useProblemText } from './problem-state';

/** What stands under a list: the next of it, and why it could not be renewed or gone on with. What is shown stays. */
export function More<Data, Node>({ list, total }: { list: List<Data, Node>; total?: number | null }) {
  const { t } = useTranslation('ui');
  const say = useProblemText();
  const trouble = list.problem && say(list.problem);
  return (
    <>
      {trouble && (
        <Notice
          tone="attention"
          live
          className="mt-4"
          title={trouble.title}
          actions={
            <Button size="small" onClick={list.reload}>
              {t('retry')}
            </Button>
          }
        >
          {trouble.what}
        </Notice>
      )}
      <LoadMore
        shown={list.nodes.length}
        total={total}
        hasMore={list.hasMore}
        pending={list.loadingMore}
        onMore={list.more}
      />
    </>
  );
}
