import { useTranslation } from 'react-i18next';
import { Sheet } from '../ui/dialog';
import { Go } from './go';
import { consolesOf, type Entry, ownEntries, publicEntries } from './menus';
import { useViewer } from './viewer';

/** All menus in one, for phones. */
export function MenuSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { viewer } = useViewer();
  const part = (title: string, entries: Entry[]) => (
    <section key={title} className="py-2">
      <h3 className="py-1 font-medium text-ink-3 text-xs">{title}</h3>
      <ul>
        {entries.map((entry) => (
          <li key={entry.key}>
            <Go
              to={entry.to}
              onClick={onClose}
              className="flex min-h-11 items-center rounded-md px-2 text-base hover:bg-sunken"
            >
              {t(`nav.${entry.key}`)}
            </Go>
          </li>
        ))}
      </ul>
    </section>
  );
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('menu')}>
      <nav aria-label={t('menu')}>
        {part(t('nav.label'), publicEntries)}
        {consolesOf(viewer).map((console) => part(t(`console.${console.key}`), console.entries))}
        {viewer && part(t('nav.own'), ownEntries)}
      </nav>
    </Sheet>
  );
}
