// oidc-provider as the sign-in service of both sides; started by drive_sign_in.py, in the folder
// where oidc-provider is installed.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';

const installed = createRequire(path.join(process.cwd(), 'package.json'));
const { Provider } = await import(pathToFileURL(installed.resolve('oidc-provider')).href);

const port = Number(process.argv[2]);
const root = '/t.example/oauth2/v2.0';
const native = {
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  redirect_uris: ['http://localhost'],
  response_types: ['code'],
};
const graph = ['Application.Read.All', 'User.Read.All', 'GroupMember.Read.All'].map(
  (name) => `https://graph.microsoft.com/${name}`,
);
const device = 'urn:ietf:params:oauth:grant-type:device_code';
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    { ...native, client_id: 'goto', grant_types: ['authorization_code', 'refresh_token'] },
    { ...native, client_id: 'entra', grant_types: ['authorization_code', 'refresh_token', device] },
  ],
  features: {
    devInteractions: { enabled: true },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: async (_, id) => ({
    accountId: id,
    claims: async () => ({ sub: id, preferred_username: id }),
  }),
  scopes: ['openid', 'offline_access', 'profile', ...graph],
  claims: { openid: ['sub', 'preferred_username'] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  rotateRefreshToken: true,
  issueRefreshToken: async () => true,
  routes: {
    authorization: `${root}/authorize`,
    token: `${root}/token`,
    device_authorization: `${root}/devicecode`,
    revocation: '/revoke',
  },
});
// Without scope GoTo gives a client all that it has (spec/goto.md 5.4). Microsoft's select_account
// (spec/graph.md 1.3) is not among the prompts here; offline_access is granted on consent alone.
provider.use(async (ctx, next) => {
  if (ctx.path === `${root}/authorize`) {
    ctx.query = { scope: 'openid offline_access', ...ctx.query, prompt: 'consent' };
  }
  await next();
});
provider.listen(port, '127.0.0.1', () => console.log(`listening on ${port}`));
