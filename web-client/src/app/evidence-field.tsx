import { useFormats } from '../lib/format';
import type { useEvidence } from '../lib/upload';
import { Field } from '../ui/field';
import { FileInput } from '../ui/file-input';
import { useProblemText } from './problem-state';

/** Evidence: files that are uploaded as soon as they are chosen. */
export function EvidenceField({
  evidence,
  label,
  hint,
  id,
  error,
  required,
}: {
  evidence: ReturnType<typeof useEvidence>;
  label: string;
  hint?: string;
  id?: string;
  error?: string;
  required?: boolean;
}) {
  const problemText = useProblemText();
  const format = useFormats();
  return (
    <Field id={id} label={label} hint={hint} error={error} required={required}>
      <FileInput
        multiple
        files={evidence.files.map((file) => ({
          key: file.key,
          name: file.name,
          size: format.bytes(file.size),
          state: file.state,
          percent: file.percent,
          why: file.problem && problemText(file.problem).what,
        }))}
        onAdd={evidence.add}
        onRemove={evidence.remove}
        onRetry={evidence.retry}
      />
    </Field>
  );
}
