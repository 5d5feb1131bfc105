import { useEffect } from 'react';
import { keepStream } from '../lib/events';
import { ViewerEventsDocument } from './events.gql';
import { useViewer } from './viewer';

/** Keeps the one stream of this tab open for whoever is signed in. */
export function Stream() {
  const { viewer } = useViewer();
  const who = viewer && `${viewer.person.id} ${viewer.organisation?.id}`;
  useEffect(() => (who ? keepStream(ViewerEventsDocument) : undefined), [who]);
  return null;
}
