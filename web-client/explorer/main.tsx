import { useEditorContext } from '@graphiql/react';
import { GraphiQL } from 'graphiql';
import { createContext, type FormEvent, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './explorer.css';
import { useEditorAccess, watchAccess } from './access';
import { examples } from './examples';
import { ask, type Operation, type Session, session, signIn, signOut } from './market';
import { keepLanguage, type Language, preferredLanguage, texts } from './text';

const LanguageContext = createContext<Language>('zh');

/** Opens an example in a tab of its own. It stands where GraphiQL has its logo, since that is within its editor's context. */
function Examples() {
  const language = useContext(LanguageContext);
  const text = texts[language];
  const editor = useEditorContext({ nonNull: true });
  useEditorAccess(text);
  // A new tab becomes the current one at the next rendering only; the example is written into it then.
  const [chosen, choose] = useState<{ document: string; tabs: number } | null>(null);
  useEffect(() => {
    if (!chosen || editor.tabs.length === chosen.tabs) return;
    editor.queryEditor?.setValue(chosen.document);
    choose(null);
  }, [chosen, editor]);
  function open(file: string) {
    const example = examples.flatMap((role) => role.examples).find((example) => example.file === file);
    if (!example) return;
    choose({ document: example.document, tabs: editor.tabs.length });
    editor.addTab();
  }
  // The editor is loaded after the page; a tab that is opened before it is there would lose what the first tab holds.
  return (
    <select
      className="examples"
      aria-label={text.examples}
      value=""
      disabled={!editor.queryEditor}
      onChange={(event) => open(event.target.value)}
    >
      <option value="">{text.examples}</option>
      {examples.map((role) => (
        <optgroup
          key={role.role}
          label={role.email ? `${role[language]} · ${text.account} ${role.email}` : role[language]}
        >
          {role.examples.map((example) => (
            <option key={example.file} value={example.file}>
              {example[language]}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}

const firstTab = [{ query: examples[0]?.examples[0]?.document ?? '' }];

function fetcher(operation: Operation) {
  return ask(operation);
}

function SignIn({ language, onDone }: { language: Language; onDone: () => void }) {
  const text = texts[language];
  const dialog = useRef<HTMLDialogElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const refused = await signIn(String(form.get('email')), String(form.get('password'))).catch(String);
    setRefusal(refused);
    if (refused === null) {
      dialog.current?.close();
      onDone();
    }
  }
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        {text.signIn}
      </button>
      <dialog ref={dialog} aria-label={text.signIn}>
        <form onSubmit={submit}>
          <label>
            {text.email}
            <input name="email" type="email" autoComplete="username" list="accounts" required />
          </label>
          <datalist id="accounts">
            {examples.map((role) => role.email && <option key={role.role} value={role.email} label={role[language]} />)}
          </datalist>
          <label>
            {text.password}
            <input name="password" type="password" autoComplete="current-password" required />
          </label>
          <p role="alert">{refusal && text.wrong + refusal}</p>
          <div>
            <button type="submit" className="main">
              {text.signIn}
            </button>
            <button type="button" onClick={() => dialog.current?.close()}>
              {text.cancel}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}

function Explorer() {
  const [language, setLanguage] = useState(preferredLanguage);
  const [state, setState] = useState<Session | string | null>(null);
  const text = texts[language];
  const load = useCallback(() => {
    session().then(setState, (error: unknown) => setState(error instanceof Error ? error.message : String(error)));
  }, []);
  useEffect(load, [load]);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = `${text.title} · 公数 Gongshu`;
  }, [language, text]);
  function turn() {
    const next = language === 'zh' ? 'en' : 'zh';
    keepLanguage(next);
    setLanguage(next);
  }
  const known = state !== null && typeof state !== 'string' ? state : null;
  const viewer = known?.viewer;
  const organisation =
    viewer?.organisation &&
    (language === 'en' && viewer.organisation.nameEn ? viewer.organisation.nameEn : viewer.organisation.name);
  return (
    <LanguageContext value={language}>
      <header className="bar">
        <a href="/">← {text.back}</a>
        <h1>{text.title}</h1>
        {known && (
          <span className="who">
            {viewer ? [organisation, viewer.person.displayName].filter(Boolean).join(' · ') : text.nobody}
          </span>
        )}
        {known &&
          (viewer ? (
            <button type="button" onClick={() => signOut().then(load, load)}>
              {text.signOut}
            </button>
          ) : (
            <SignIn language={language} onDone={load} />
          ))}
        <button type="button" lang={language === 'zh' ? 'en' : 'zh-CN'} onClick={turn}>
          {text.other}
        </button>
      </header>
      {typeof state === 'string' && (
        <p className="notice" role="alert">
          {text.failed}
          {state}{' '}
          <button type="button" onClick={load}>
            {text.retry}
          </button>
        </p>
      )}
      {known && !known.schema && (
        <p className="notice" role="status">
          {text.closed}
        </p>
      )}
      {known && (
        <main>
          <GraphiQL
            fetcher={fetcher}
            schema={known.schema}
            defaultTabs={firstTab}
            forcedTheme="light"
            isHeadersEditorEnabled={false}
          >
            <GraphiQL.Logo>
              <Examples />
            </GraphiQL.Logo>
          </GraphiQL>
        </main>
      )}
    </LanguageContext>
  );
}

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root');
watchAccess(root);
createRoot(root).render(<Explorer />);
