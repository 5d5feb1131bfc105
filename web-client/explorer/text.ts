const zh = {
  title: '接口调试台',
  back: '返回公数',
  examples: '打开示例…',
  account: '演示账号',
  signIn: '登录',
  signOut: '退出',
  nobody: '未登录',
  email: '邮箱',
  password: '密码',
  cancel: '取消',
  closed: '登录后才能查看接口文档和补全。公开的操作不登录也能运行。',
  wrong: '无法登录：',
  failed: '无法连接服务器：',
  retry: '重试',
  other: 'English',
  operation: '操作',
  variables: '变量',
  answer: '回答',
};

const en: typeof zh = {
  title: 'API explorer',
  back: 'Back to the market',
  examples: 'Open an example…',
  account: 'demo account',
  signIn: 'Sign in',
  signOut: 'Sign out',
  nobody: 'Not signed in',
  email: 'E-mail',
  password: 'Password',
  cancel: 'Cancel',
  closed: 'Sign in to see the documentation and completions. Public operations run without signing in.',
  wrong: 'Cannot sign in: ',
  failed: 'Cannot reach the server: ',
  retry: 'Try again',
  other: '中文',
  operation: 'Operation',
  variables: 'Variables',
  answer: 'Answer',
};

export type Language = 'zh' | 'en';
export const texts = { zh, en };

/** Where the market's pages keep which language was chosen, and under which name each. */
const remembered = 'gongshu.language';
const names = { zh: 'zh-CN', en: 'en' } as const;

export function preferredLanguage(): Language {
  const kept = localStorage.getItem(remembered);
  if (kept === names.zh) return 'zh';
  if (kept === names.en) return 'en';
  return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

export function keepLanguage(language: Language) {
  localStorage.setItem(remembered, names[language]);
}
