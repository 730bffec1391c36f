export const signInTexts = {
  title: 'Sign in',
  why: 'Sign in to record and retract statuses, as far as your role allows.',
  singleSignOn: 'Sign in with your organisation’s account',
  orToken: 'or with an access token:',
  token: 'Access token',
  tokenHint: 'Starts with cwt_ and has 52 characters. It is sent to this server only, and is not stored in this browser.',
  tokenMissing: 'Enter your access token',
  refused: (message: string) => `The server rejected this token: ${message}`,
  submit: 'Sign in',
  already: (name: string, role: string) => `You are signed in as ${name} (${role}).`,
  noToken: 'No token yet?',
  noTokenText: 'Ask the administrator of this server for an access token with the role that you need.',
};
