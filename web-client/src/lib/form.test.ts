import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useFormErrors } from './form';

it('says what a form lacks after a press, and nothing any more once it stands empty again', () => {
  const { result } = renderHook(() => useFormErrors({ email: 'E-mail is missing' }, []));
  expect(result.current.errors).toEqual([]);
  act(() => expect(result.current.ready()).toBe(false));
  expect(result.current.errors).toEqual([{ field: 'email', message: 'E-mail is missing' }]);
  expect(result.current.attempt).toBe(1);
  act(() => result.current.reset());
  expect(result.current.errors).toEqual([]);
  expect(result.current.attempt).toBe(0);
});
