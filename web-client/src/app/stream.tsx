import { useEffect } from 'react';
import { keepStream } from '../lib/stream';
import { ViewerEventsDocument } from './events.gql';
import { useViewer } from './viewer';

/** Keeps this tab told of what is new for whoever is signed in. */
export function Stream() {
  const { viewer, reload } = useViewer();
  const who = viewer && `${viewer.person.id} ${viewer.organisation?.id}`;
  useEffect(
    () =>
      who
        ? keepStream(
            who,
            ViewerEventsDocument,
            // The session is over, or acts as another organisation than this page: who is here is asked anew.
            ({ kind }) => (kind === 'signedOut' || kind === 'refused') && reload(),
          )
        : undefined,
    [who, reload],
  );
  return null;
}
