import './theme.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { makeClient } from '../lib/graphql';
import { startI18n } from '../lib/i18n';
import { UiProvider } from '../ui/provider';
import { keepFocus } from './focus';
import { router } from './router';
import { startScale } from './scale';
import { SessionGuard } from './session-guard';
import { Stream } from './stream';
import { ViewerProvider } from './viewer';

startScale();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
await startI18n();
keepFocus(root);
createRoot(root).render(
  <StrictMode>
    <Provider value={makeClient()}>
      <UiProvider>
        <ViewerProvider>
          <RouterProvider router={router} />
          <SessionGuard />
          <Stream />
        </ViewerProvider>
      </UiProvider>
    </Provider>
  </StrictMode>,
);
