import './theme.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { client } from '../lib/graphql';
import { startTexts } from '../lib/i18n';
import { router } from './router';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root');

await startTexts();
createRoot(element).render(
  <StrictMode>
    <Provider value={client}>
      <Suspense>
        <RouterProvider router={router} />
      </Suspense>
    </Provider>
  </StrictMode>,
);
