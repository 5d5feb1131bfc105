import clsx from 'clsx';
import { FileText, RotateCw, Upload, X } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, IconButton } from './button';
import { useControl } from './field';

export interface FileEntry {
  key: string;
  name: string;
  /** The size, already formatted. */
  size: string;
  state: 'uploading' | 'done' | 'failed';
  /** 0 to 100 while it uploads. */
  percent?: number;
  /** Why it failed. */
  why?: string;
}

export interface FileInputProps {
  files: readonly FileEntry[];
  onAdd: (files: File[]) => void;
  onRemove: (key: string) => void;
  onRetry?: (key: string) => void;
  /** As of the file input of HTML, such as `.pdf,.docx`. */
  accept?: string;
  multiple?: boolean;
  /** What was chosen is being sent, and nothing else can be chosen meanwhile; the button keeps the focus. */
  pending?: boolean;
}

/** Files to send along: chosen with a button or dropped. The caller uploads and says how far it is. */
export function FileInput({ files, onAdd, onRemove, onRetry, accept, multiple, pending }: FileInputProps) {
  const { t } = useTranslation('ui');
  const control = useControl({});
  const input = useRef<HTMLInputElement>(null);
  const choose = useRef<HTMLButtonElement>(null);
  const [over, setOver] = useState(false);
  const add = (list: FileList | null) => {
    const chosen = [...(list ?? [])];
    if (chosen.length > 0) onAdd(multiple ? chosen : chosen.slice(0, 1));
  };
  /** Does what takes away the button that was pressed: the focus goes where one goes on. */
  const goes = (act: () => void) => {
    choose.current?.focus();
    act();
  };
  const drag = (inside: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(inside && !pending);
  };
  return (
    <div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is only for the pointer; the button does the same */}
      <div
        onDragOver={drag(true)}
        onDragLeave={drag(false)}
        onDrop={(event) => {
          drag(false)(event);
          if (!pending) add(event.dataTransfer.files);
        }}
        className={clsx(
          'flex flex-wrap items-center gap-3 rounded-lg border border-dashed px-4 py-3 text-sm',
          over ? 'border-brand bg-brand-soft' : 'border-field bg-surface',
        )}
      >
        <Button
          ref={choose}
          id={control.id}
          aria-describedby={control['aria-describedby']}
          icon={<Upload aria-hidden className="size-4" />}
          pending={pending}
          onClick={() => input.current?.click()}
        >
          {t('file.choose')}
        </Button>
        <span className="text-ink-3 max-sm:hidden">{t('file.drop')}</span>
        <input
          ref={input}
          type="file"
          hidden
          accept={accept}
          multiple={multiple}
          onChange={(event) => {
            add(event.target.files);
            // The same file can be chosen again after it was removed.
            event.target.value = '';
          }}
        />
      </div>
      {files.length > 0 && (
        <ul aria-label={t('file.list')} className="mt-2 divide-y divide-line text-sm">
          {files.map((file) => (
            <li key={file.key} className="flex items-center gap-2.5 py-1.5">
              <FileText aria-hidden className="size-4.5 shrink-0 text-ink-3" />
              <div className="min-w-0 flex-1">
                <p className="break-all">
                  {file.name} <span className="text-ink-3 text-xs tabular-nums">{file.size}</span>
                </p>
                {file.state === 'uploading' && (
                  <div
                    role="progressbar"
                    aria-label={file.name}
                    aria-valuemin={0}
                    aria-valuemax={100}
                    aria-valuenow={file.percent}
                    className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken"
                  >
                    <div className="h-full bg-brand" style={{ width: `${file.percent ?? 0}%` }} />
                  </div>
                )}
                {file.state === 'uploading' && (
                  // The bar says it, to those who ask: read out at every percent it would hide all else.
                  <p aria-hidden className="text-ink-3 text-xs">
                    {t('file.uploading', { percent: file.percent ?? 0 })}
                  </p>
                )}
                <p role="status" className={clsx('text-xs', file.state === 'failed' ? 'text-rose' : 'text-ink-3')}>
                  {file.state === 'failed' && t('file.failed', { why: file.why })}
                  {file.state === 'done' && t('file.done')}
                </p>
              </div>
              {file.state === 'failed' && onRetry && (
                <IconButton
                  label={`${t('retry')} ${file.name}`}
                  icon={<RotateCw aria-hidden className="size-4" />}
                  size="small"
                  onClick={() => goes(() => onRetry(file.key))}
                />
              )}
              <IconButton
                label={t('removeNamed', { name: file.name })}
                icon={<X aria-hidden className="size-4" />}
                size="small"
                onClick={() => goes(() => onRemove(file.key))}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
