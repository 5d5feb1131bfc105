import { useFormats } from '../lib/format';
import type { useEvidence } from '../lib/upload';
import { Field } from '../ui/field';
import { FileInput } from '../ui/file-input';
import { useProblemText } from './problem-state';

/** Evidence: files that are uploaded as soon as they are chosen; of a single one the next takes the place of the last. */
export function EvidenceField({
  evidence,
  label,
  hint,
  id,
  error,
  required,
  single,
}: {
  evidence: ReturnType<typeof useEvidence>;
  label: string;
  hint?: string;
  id?: string;
  error?: string;
  required?: boolean;
  single?: boolean;
}) {
  const problemText = useProblemText();
  const format = useFormats();
  return (
    <Field id={id} label={label} hint={hint} error={error} required={required}>
      <FileInput
        multiple={!single}
        files={evidence.files.map((file) => ({
          key: file.key,
          name: file.name,
          size: format.bytes(file.size),
          state: file.state,
          percent: file.percent,
          why: file.problem && problemText(file.problem).what,
        }))}
        onAdd={(files) => {
          if (single) for (const file of evidence.files) evidence.remove(file.key);
          evidence.add(files);
        }}
        onRemove={evidence.remove}
        onRetry={evidence.retry}
      />
    </Field>
  );
}
