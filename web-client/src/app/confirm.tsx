import { useState } from 'react';
import type { ConfirmDialogProps } from '../ui/dialog';
import { late } from './late';

const Dialog = late(() => import('../ui/dialog').then((m) => m.ConfirmDialog));

/** Asks before something with consequences. It comes when it is first opened: the first load stays small. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const [asked, setAsked] = useState(props.open);
  if (props.open && !asked) setAsked(true);
  return asked ? <Dialog {...props} /> : null;
}
