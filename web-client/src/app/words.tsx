import clsx from 'clsx';
import { type KeyboardEvent, useEffect, useId, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLoad } from '../lib/graphql';
import { Button } from '../ui/button';
import { SearchInput } from '../ui/input';
import { floatBox, floatItem } from '../ui/styles';
import { SuggestDocument } from './suggest.gql';

interface Props {
  /** The name of the box. */
  label: string;
  hint: string;
  /** The words that are looked for now. */
  asked?: string;
  onAsk: (words: string | undefined) => void;
  /** Completes what is typed, from what is on the market. */
  suggests?: boolean;
  /** Without a button, where there is little room: Enter sends. */
  bare?: boolean;
  className?: string;
}

/** How long after a letter what is typed is completed. */
const pauseOfTyping = 120;

/** The words that a list is searched for; they are asked for when they are sent, not at every letter. */
export function Words({ label, hint, asked = '', onAsk, suggests = false, bare = false, className }: Props) {
  const { t } = useTranslation();
  const { t: say } = useTranslation('search');
  const id = useId();
  const [text, setText] = useState(asked);
  // What is typed and is to be completed; nothing once it was sent, chosen or put away.
  const [typed, setTyped] = useState('');
  const [prefix, setPrefix] = useState('');
  const [at, setAt] = useState(-1);
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    const timer = setTimeout(() => setPrefix(typed.trim()), pauseOfTyping);
    return () => clearTimeout(timer);
  }, [typed]);
  const variables = useMemo(() => ({ prefix }), [prefix]);
  const { data } = useLoad(SuggestDocument, variables, { pause: !suggests || prefix === '' });
  const list = suggests && typed.trim() !== '' && typed.trim() === prefix ? (data?.suggestions ?? []) : [];
  const close = () => {
    setTyped('');
    setAt(-1);
  };
  const send = (words: string) => {
    close();
    onAsk(words.trim() || undefined);
  };
  const choose = (words: string) => {
    setText(words);
    send(words);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || list.length === 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      // One place more than there are: what was typed itself.
      setAt(((at + 1 + step + list.length + 1) % (list.length + 1)) - 1);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      close();
    } else if (event.key === 'Enter' && list[at]) {
      event.preventDefault();
      choose(list[at].text);
    }
  };
  const box = `${id}-list`;
  return (
    <form
      className={clsx('flex max-w-2xl gap-2', className)}
      onSubmit={(event) => {
        event.preventDefault();
        send(text);
      }}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the box inside has the focus, and its keys pass by here */}
      <div className="relative min-w-0 flex-1" onKeyDown={press} onBlur={close}>
        <SearchInput
          label={label}
          placeholder={hint}
          value={text}
          autoComplete="off"
          {...(suggests && {
            role: 'combobox',
            'aria-autocomplete': 'list',
            'aria-expanded': list.length > 0,
            'aria-controls': box,
            'aria-activedescendant': list[at] ? `${id}-${at}` : undefined,
          })}
          onValueChange={(value) => {
            setText(value);
            setTyped(value);
            setAt(-1);
            if (value === '' && asked) send('');
          }}
        />
        <div
          id={box}
          role="listbox"
          aria-label={say('suggestions')}
          className={clsx(
            floatBox,
            'absolute top-full right-0 z-20 mt-1 max-h-96 min-w-full overflow-y-auto p-1',
            bare ? 'w-96' : 'left-0',
            list.length === 0 && 'hidden',
          )}
        >
          {list.map((one, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the box above takes the keys
            <div
              key={one.text}
              id={`${id}-${i}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === at}
              data-highlighted={i === at || undefined}
              className={clsx(floatItem, 'cursor-pointer')}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setAt(i)}
              onClick={() => choose(one.text)}
            >
              <span className="min-w-0 flex-1 truncate">{one.text}</span>
              <span className="shrink-0 text-ink-3 text-xs">
                {say(`from.${one.field}`)} {say('suggested', { count: one.count })}
              </span>
            </div>
          ))}
        </div>
        {suggests && (
          <p role="status" className="sr-only">
            {list.length > 0 && say('suggestedInAll', { count: list.length })}
          </p>
        )}
      </div>
      {!bare && (
        <Button type="submit" kind="primary">
          {t('search.send')}
        </Button>
      )}
    </form>
  );
}
