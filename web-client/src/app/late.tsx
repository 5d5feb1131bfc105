import { type ComponentType, type ReactNode, useEffect, useReducer, useState } from 'react';

/**
 * A component whose file comes when it is first needed. Until it is there `fallback` stands in its place, or once it could not be
 * loaded `missing`: the page around it, and what is typed there, is not lost with it. While it is needed it is asked for again.
 */
export function late<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let found: ComponentType<Props> | undefined;
  /** Whether it is there, or cannot be had: a page that needs it from its beginning waits for that, so that nothing moves later. */
  function useThere(needed: boolean): boolean {
    const [, draw] = useReducer((n: number) => n + 1, 0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (!needed || found) return;
      let gone = false;
      load().then(
        (component) => {
          found = component;
          if (!gone) draw();
        },
        () => !gone && setFailed(true),
      );
      return () => {
        gone = true;
      };
    }, [needed]);
    return !needed || failed || found !== undefined;
  }
  function Late({
    fallback = null,
    missing = fallback,
    ...props
  }: Props & { fallback?: ReactNode; missing?: ReactNode }) {
    const [, draw] = useReducer((n: number) => n + 1, 0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (found) return;
      let gone = false;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const ask = () =>
        load().then(
          (component) => {
            found = component;
            if (!gone) draw();
          },
          () => {
            if (gone) return;
            setFailed(true);
            timer = setTimeout(ask, 3000);
          },
        );
      ask();
      return () => {
        gone = true;
        clearTimeout(timer);
      };
    }, []);
    const Found = found;
    return Found ? <Found {...(props as unknown as Props)} /> : failed ? missing : fallback;
  }
  return Object.assign(Late, { useThere });
}
