import { useEditorContext } from '@graphiql/react';
import { useEffect } from 'react';
import type { texts } from './text';

/** Leaves Tab to the browser: in CodeMirror it indents, and who has no mouse does not get out of an editor again. */
const tabLeaves = { Tab: false, 'Shift-Tab': false } as const;

/**
 * Mends what keeps GraphiQL from those who hear it or have no mouse: its editors get names and let the focus go on.
 * It is called within the context of its editors.
 */
export function useEditorAccess(text: typeof texts.zh) {
  const { queryEditor, variableEditor, responseEditor } = useEditorContext({ nonNull: true });
  useEffect(() => {
    const names = [
      [queryEditor, text.operation],
      [variableEditor, text.variables],
      [responseEditor, text.answer],
    ] as const;
    for (const [editor, name] of names) {
      if (!editor) continue;
      editor.setOption('screenReaderLabel', name);
      editor.addKeyMap(tabLeaves);
      // CodeMirror takes what scrolls out of the order of Tab; there the arrows read what is longer than its window.
      const scroller = editor.getScrollerElement();
      scroller.tabIndex = 0;
      scroller.role = 'group';
      scroller.ariaLabel = name;
    }
    return () => {
      for (const [editor] of names) editor?.removeKeyMap(tabLeaves);
    };
  }, [queryEditor, variableEditor, responseEditor, text]);
}

/** Says something of an element where it is not said yet: to say it again would count as a change, and be watched. */
function say(element: Element | null, name: string, value: string) {
  if (element && element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** The tabs of GraphiQL hold buttons, which nothing of the role `tab` may: they are a list whose buttons say which is open. */
function mend(root: ParentNode) {
  for (const list of root.querySelectorAll('.graphiql-tabs')) list.removeAttribute('role');
  say(root.querySelector('#graphiql-session'), 'role', 'group');
  for (const tab of root.querySelectorAll('.graphiql-tab')) {
    tab.removeAttribute('role');
    tab.removeAttribute('aria-selected');
    const current = tab.classList.contains('graphiql-tab-active');
    say(tab.querySelector('.graphiql-tab-button'), 'aria-current', String(current));
  }
  // What an entry of the history shows is its name; GraphiQL calls every one the same.
  for (const entry of root.querySelectorAll('.graphiql-history-item-label')) entry.removeAttribute('aria-label');
}

/** Mends what GraphiQL draws, whenever it draws. */
export function watchAccess(root: HTMLElement) {
  new MutationObserver(() => mend(root)).observe(root, {
    subtree: true,
    childList: true,
    attributeFilter: ['role', 'aria-selected', 'class'],
  });
}
