// openid-client (npm) as relying party: one JSON command a line on standard input, one JSON answer a line on standard output.
import { createInterface } from "node:readline";

globalThis.crypto ??= (await import("node:crypto")).webcrypto;
const client = await import("openid-client");
const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = process.env;
const config = await client.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET);
const verifier = client.randomPKCECodeVerifier();
const [state, nonce] = [client.randomState(), client.randomNonce()];
let tokens;

const commands = {
  async start() {
    const code_challenge = await client.calculatePKCECodeChallenge(verifier);
    const asked = { redirect_uri: REDIRECT_URI, scope: "openid profile email", code_challenge, code_challenge_method: "S256", state, nonce };
    return { url: client.buildAuthorizationUrl(config, asked).href };
  },
  async back({ url }) {
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
    tokens = await client.authorizationCodeGrant(config, new URL(url), checks);
    return { claims: tokens.claims() };
  },
  async person() {
    return client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
  },
  async refresh() {
    const id_token = tokens.id_token;
    tokens = { ...(await client.refreshTokenGrant(config, tokens.refresh_token)), id_token, claims: tokens.claims };
    return { expires_in: tokens.expires_in };
  },
  async end({ address }) {
    return { url: client.buildEndSessionUrl(config, { post_logout_redirect_uri: address, id_token_hint: tokens.id_token }).href };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    console.log(JSON.stringify(await commands[command.name](command)));
  } catch (error) {
    console.log(JSON.stringify({ error: error.error ?? error.code ?? String(error) }));
  }
}
