// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import { useState } from 'react';
import { I18nextProvider, initReactI18next } from 'react-i18next';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import en from '../locales/en/ui.json';
import zh from '../locales/zh-CN/ui.json';
import { SecretOnce } from './code';
import { ConfirmDialog } from './dialog';
import { Field } from './field';
import { FileInput } from './file-input';
import { FormErrors } from './form-errors';
import { cleanDecimal, NumberInput, TextInput } from './input';
import { nextTask, type Task, TaskList } from './steps';
import { DataTable } from './table';

const i18n = i18next.createInstance();
beforeAll(() =>
  i18n.use(initReactI18next).init({ lng: 'en', resources: { en: { ui: en } }, interpolation: { escapeValue: false } }),
);
afterEach(cleanup);

const show = (node: React.ReactNode) => render(<I18nextProvider i18n={i18n}>{node}</I18nextProvider>);

/** The keys of a nest of texts, without the endings of plurals. */
function keys(node: object, at = ''): string[] {
  return Object.entries(node).flatMap(([key, value]) =>
    typeof value === 'object' ? keys(value, `${at}${key}.`) : [`${at}${key}`.replace(/_\w+$/, '')],
  );
}

it('says everything in both languages', () => {
  expect([...new Set(keys(zh))].sort()).toEqual([...new Set(keys(en))].sort());
});

describe('FormErrors', () => {
  function Form() {
    const [attempt, setAttempt] = useState(0);
    const errors = attempt > 0 ? [{ field: 'name', message: 'Give a name' }] : [];
    return (
      <form>
        <FormErrors errors={errors} attempt={attempt} />
        <Field id="name" label="Name" hint="As on the seal" error={errors[0]?.message} required>
          <TextInput />
        </Field>
        <button type="button" onClick={() => setAttempt(attempt + 1)}>
          Send
        </button>
      </form>
    );
  }

  it('takes the focus at every refused submit and leads to the field', async () => {
    show(<Form />);
    const send = screen.getByRole('button', { name: 'Send' });
    await userEvent.click(send);
    expect(document.activeElement).toBe(screen.getByRole('alert'));
    await userEvent.click(send);
    expect(document.activeElement).toBe(screen.getByRole('alert'));
    await userEvent.click(screen.getByRole('link', { name: 'Give a name' }));
    const input = screen.getByRole('textbox', { name: /^Name/ });
    expect(document.activeElement).toBe(input);
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const described = (input.getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent);
    expect(described).toEqual(['As on the seal', 'Give a name']);
  });
});

it('ConfirmDialog does not go on without the reason it asks for', async () => {
  const confirm = vi.fn();
  show(
    <ConfirmDialog
      open
      onOpenChange={() => {}}
      title="Send back?"
      consequence="The operator must change it."
      confirm="Send back"
      reason={{ label: 'Reason', limit: 10 }}
      onConfirm={confirm}
    />,
  );
  const button = screen.getByRole('button', { name: 'Send back' });
  const box = screen.getByRole('textbox', { name: /Reason/ });
  await userEvent.type(box, '   ');
  await userEvent.click(button);
  expect(confirm).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(box);
  expect(screen.getByText('Give a reason.')).toBeTruthy();
  await userEvent.type(box, 'far too long a reason');
  await userEvent.click(button);
  expect(confirm).not.toHaveBeenCalled();
  await userEvent.clear(box);
  await userEvent.type(box, ' unclear ');
  await userEvent.click(button);
  expect(confirm).toHaveBeenCalledExactlyOnceWith('unclear');
});

it('ConfirmDialog keeps the reason while the server refuses, and asks anew when it is opened anew', async () => {
  const dialog = (open: boolean, error?: string) => (
    <I18nextProvider i18n={i18n}>
      <ConfirmDialog
        open={open}
        onOpenChange={() => {}}
        title="Suspend?"
        consequence="Nobody can use it."
        confirm="Suspend"
        reason={{ label: 'Reason' }}
        error={error}
        onConfirm={() => {}}
      />
    </I18nextProvider>
  );
  const { rerender } = render(dialog(true));
  const box = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /Reason/ });
  await userEvent.type(box(), 'faulty');
  rerender(dialog(true, 'Not now.'));
  expect(box().value).toBe('faulty');
  rerender(dialog(false));
  rerender(dialog(true));
  expect(box().value).toBe('');
});

it('FileInput gives the focus back when the button that had it goes', async () => {
  function Files() {
    const [files, setFiles] = useState([{ key: 'a', name: 'a.pdf', size: '1 B', state: 'failed' as const, why: 'no' }]);
    return <FileInput files={files} onAdd={() => {}} onRetry={() => {}} onRemove={() => setFiles([])} />;
  }
  show(<Files />);
  expect(screen.getByText(/no$/).getAttribute('role')).toBe('status');
  await userEvent.click(screen.getByRole('button', { name: /Remove/ }));
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Choose files' }));
});

it('SecretOnce is put away only when it is said to be stored', async () => {
  const stored = vi.fn();
  show(<SecretOnce label="Key" secret="gs_live_1234" onStored={stored} />);
  const close = screen.getByRole('button', { name: 'Close' });
  await userEvent.click(close);
  expect(stored).not.toHaveBeenCalled();
  expect(screen.getByText('gs_live_1234')).toBeTruthy();
  await userEvent.click(screen.getByRole('checkbox'));
  await userEvent.click(close);
  expect(stored).toHaveBeenCalledOnce();
  expect(screen.queryByText('gs_live_1234')).toBeNull();
});

describe('NumberInput', () => {
  function Amount({ places }: { places: number }) {
    const [value, setValue] = useState('');
    return <NumberInput aria-label="Amount" value={value} onValueChange={setValue} places={places} />;
  }
  const box = () => screen.getByRole<HTMLInputElement>('textbox', { name: 'Amount' });

  it('keeps every digit of what a float would round', async () => {
    show(<Amount places={6} />);
    await userEvent.type(box(), '9007199254740993.100000');
    expect(box().value).toBe('9007199254740993.100000');
  });

  it.each([
    [0, '1.5', 'Type a whole number, in digits only.'],
    [0, '-2', 'Type a whole number, in digits only.'],
    [2, '12.345', 'Type a number with at most 2 decimal places.'],
    [2, '1e2', 'Type a number with at most 2 decimal places.'],
    [2, '.5', 'Type a number with at most 2 decimal places.'],
    [2, '5.', 'Type a number with at most 2 decimal places.'],
    [2, '007', 'Type a number with at most 2 decimal places.'],
  ])('with %i places keeps %s as it is typed, and says what is wrong with it', async (places, typed, says) => {
    show(<Amount places={places} />);
    await userEvent.type(box(), typed);
    expect(box().value).toBe(typed);
    expect(box().getAttribute('aria-invalid')).toBe('true');
    const described = document.getElementById(box().getAttribute('aria-describedby') ?? '');
    expect(described?.textContent).toBe(says);
    await userEvent.clear(box());
    await userEvent.type(box(), '12');
    expect(box().getAttribute('aria-invalid')).not.toBe('true');
    expect(screen.queryByText(says)).toBeNull();
  });

  it('leaves the word to its field, which may know more', async () => {
    show(
      <Field label="Amount" error="At most 10 a day.">
        <NumberInput value="1.5" onValueChange={() => {}} />
      </Field>,
    );
    expect(screen.queryByText('Type a whole number, in digits only.')).toBeNull();
    expect(screen.getByRole('textbox').getAttribute('aria-invalid')).toBe('true');
  });

  it('reads what is pasted with group marks and full-width digits', () => {
    expect(cleanDecimal(' 1,234,567.80 ')).toBe('1234567.80');
    expect(cleanDecimal('１２，３４５．６０')).toBe('12345.60');
    expect(cleanDecimal('１。５')).toBe('1.5');
  });
});

it('DataTable scrolls in a region with the name of its caption, and sorts by its heads', async () => {
  const sort = vi.fn();
  show(
    <DataTable
      caption="Orders"
      columns={[
        { key: 'no', head: 'Number', cell: (row) => row.no },
        { key: 'total', head: 'Total', cell: (row) => row.total, numeric: true, sortable: true },
      ]}
      rows={[{ no: 'A1', total: '¥3.00' }]}
      rowKey={(row) => row.no}
      sorting={{ key: 'total', direction: 'ascending' }}
      onSort={sort}
    />,
  );
  const region = screen.getByRole('region', { name: 'Orders' });
  expect(region.tabIndex).toBe(0);
  const table = within(region).getByRole('table', { name: 'Orders' });
  expect(within(table).getByRole('rowheader').textContent).toBe('A1');
  expect(within(table).getByRole('columnheader', { name: 'Total' }).getAttribute('aria-sort')).toBe('ascending');
  await userEvent.click(within(table).getByRole('button', { name: 'Total' }));
  expect(sort).toHaveBeenCalledWith({ key: 'total', direction: 'descending' });
});

it('TaskList leads to what needs a change first, and never to what is blocked', () => {
  const tasks: Task[] = [
    { key: 'a', title: 'Basics', state: 'done' },
    { key: 'b', title: 'Plan', state: 'blocked' },
    { key: 'c', title: 'Items', state: 'todo' },
    { key: 'd', title: 'Dictionary', state: 'attention' },
  ];
  expect(nextTask(tasks)?.key).toBe('d');
  expect(nextTask(tasks.slice(0, 3))?.key).toBe('c');
  expect(nextTask(tasks.slice(0, 2))).toBeUndefined();
  show(<TaskList label="Tasks" tasks={tasks} />);
  const current = screen.getAllByRole('listitem').filter((one) => one.hasAttribute('aria-current'));
  expect(current.map((one) => one.textContent)).toEqual(['DictionaryNextNeeds a change']);
  expect(screen.getByText('1 of 4 done')).toBeTruthy();
});
