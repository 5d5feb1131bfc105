import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { BarRanking } from './charts';

// Nothing is drawn here.
vi.mock('./canvas', () => ({ default: () => null }));

it('says the exact text of a value, and the number of which it is drawn where there is none', () => {
  render(
    <BarRanking
      finding="A leads"
      labels={['A', 'B']}
      labelHead="Product"
      series={[
        { name: 'Amount', values: [Number('90071992547409.93'), 1], texts: ['¥90,071,992,547,409.93', '¥1.00'] },
        { name: 'Calls', values: [7, null] },
      ]}
      format={(value) => `${value} times`}
    />,
  );
  fireEvent.click(screen.getByRole('button', { expanded: false }));
  expect(screen.getAllByRole('cell').map((cell) => cell.textContent)).toEqual([
    '¥90,071,992,547,409.93',
    '7 times',
    '¥1.00',
    '–',
  ]);
});
