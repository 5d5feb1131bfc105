import { useTranslation } from 'react-i18next';
import { Switch } from '../../ui/choice';
import { KeyHint } from '../../ui/code';
import { Dialog } from '../../ui/dialog';
import { useKeysOn } from './keys';

/** Which letters act at the desk, and the switch for who wants none. */
export function KeysHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('review');
  const [on, setOn] = useKeysOn();
  const keys = ['J', 'K', 'Enter', 'A', 'R', '?'] as const;
  const says = { J: 'next', K: 'previous', Enter: 'enter', A: 'approve', R: 'refuse', '?': 'help' } as const;
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('keys.title')} description={t('keys.lead')}>
      <dl className="mb-4 divide-y divide-line">
        {keys.map((key) => (
          <div key={key} className="flex items-center gap-4 py-2">
            <dt className="w-16 shrink-0">
              <KeyHint keys={[key]} />
            </dt>
            <dd>{t(`keys.${says[key]}`)}</dd>
          </div>
        ))}
      </dl>
      <Switch label={t('keys.on')} checked={on} onCheckedChange={setOn} />
    </Dialog>
  );
}
