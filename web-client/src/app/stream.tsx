import { useEffect } from 'react';
import { keepStream } from '../lib/events';
import { ViewerEventsDocument } from './events.gql';
import { useViewer } from './viewer';

/** Keeps the one stream of this tab open for whoever is signed in. */
export function Stream() {
  const { viewer, reload } = useViewer();
  const who = viewer && `${viewer.person.id} ${viewer.organisation?.id}`;
  useEffect(
    () => (who ? keepStream(ViewerEventsDocument, (status) => status === 401 && reload()) : undefined),
    [who, reload],
  );
  return null;
}
