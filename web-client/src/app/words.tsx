import clsx from 'clsx';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../ui/button';
import { SearchInput } from '../ui/input';

interface Props {
  /** The name of the box. */
  label: string;
  hint: string;
  /** The words that are looked for now. */
  asked?: string;
  onAsk: (words: string | undefined) => void;
  className?: string;
}

/** The words that a list is searched for; they are asked for when they are sent, not at every letter. */
export function Words({ label, hint, asked = '', onAsk, className }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  const send = (words: string) => onAsk(words.trim() || undefined);
  return (
    <form
      className={clsx('flex max-w-2xl gap-2', className)}
      onSubmit={(event) => {
        event.preventDefault();
        send(text);
      }}
    >
      <div className="min-w-0 flex-1">
        <SearchInput
          label={label}
          placeholder={hint}
          value={text}
          onValueChange={(value) => {
            setText(value);
            if (value === '' && asked) send('');
          }}
        />
      </div>
      <Button type="submit" kind="primary">
        {t('search.send')}
      </Button>
    </form>
  );
}
