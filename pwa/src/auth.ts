/** The calls that sign somebody in. They answer a session cookie; the app asks anew who is here afterwards. */
import { bytesOf, textOf } from "./base64";

/** An identity provider. */
export interface EidWay { key: string; name: string }
/** Which ways in this installation has. */
export interface Ways { eid: readonly EidWay[]; passkey: boolean; demo: boolean }
/** One device the person is signed in on. */
export interface Device { id: string; label: string; seat: string; assurance: string; created_at: string; seen_at: string; current: boolean }
/** One passkey of the account. */
export interface Passkey { id: string; label: string; created_at: string; used_at: string | null }
export interface DemoSeat { id: string; kind: string; label?: string }
export interface Persona { key: string; name: string; seats: readonly DemoSeat[] }

/** How a call ended. `retryAfter` is in seconds, 0 when unknown. */
export type Called<T> = { ok: true; value: T } | { ok: false; status: number; code: string; retryAfter: number };

const TIMEOUT_MS = 20_000;

async function call<T>(path: string, body?: unknown): Promise<Called<T>> {
  try {
    const answer = await fetch(path, {
      method: body === undefined ? "GET" : "POST",
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    let value: unknown = null;
    try {
      value = text ? JSON.parse(text) : null;
    } catch {
      // A proxy's own page: the status alone counts.
    }
    if (answer.ok) return { ok: true, value: value as T };
    const code = (value as { code?: unknown } | null)?.code;
    return { ok: false, status: answer.status, code: typeof code === "string" ? code : "", retryAfter: Number(answer.headers.get("retry-after")) || 0 };
  } catch {
    return { ok: false, status: 0, code: "offline", retryAfter: 0 };
  }
}

/** The ways in; passkey alone while the server cannot be asked. */
export async function ways(): Promise<Ways> {
  const found = await call<Ways>("/auth/ways");
  return found.ok ? found.value : { eid: [], passkey: true, demo: false };
}

/** The people of the demo; none outside demo mode. */
export async function personas(): Promise<readonly Persona[]> {
  const found = await call<{ personas?: readonly Persona[] }>("/auth/demo");
  return found.ok ? found.value.personas ?? [] : [];
}

/** Signs in as one of them. */
export function demoSignIn(persona: string, seat?: string): Promise<Called<unknown>> {
  return call("/auth/demo", seat ? { persona, seat } : { persona });
}

/** Spends an invitation: the token of its link, or its typed code. `join` adds it to the person who is signed in. */
export function redeem(secret: { token: string } | { code: string }, join = false): Promise<Called<unknown>> {
  return call("/auth/invitation/redeem", join ? { ...secret, join } : secret);
}

/** Acts in another of the person's own seats. */
export function switchSeat(seat: string): Promise<Called<unknown>> {
  return call("/auth/seat", { seat });
}

/** Crockford's letters as a person means them: O is 0, I and L are 1; spaces and hyphens do not matter. */
export function readCode(typed: string): string {
  return typed.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
}
/** An invitation's code has ten of these letters. */
export const CODE = /^[0-9A-HJKMNP-TV-Z]{10}$/;

interface Asked { challenge: string; options: Record<string, any> }

/** Browsers before 2024 read no JSON options: the binary parts are unpacked here. */
function unpack({ challenge, user, allowCredentials, excludeCredentials, ...options }: Record<string, any>): any {
  const unpacked = <T extends { id: string }>(one: T) => ({ ...one, id: bytesOf(one.id) });
  return {
    ...options, challenge: bytesOf(challenge), user: user && unpacked(user), allowCredentials: allowCredentials?.map(unpacked), excludeCredentials: excludeCredentials?.map(unpacked),
  };
}

function pack(credential: PublicKeyCredential): Record<string, unknown> {
  const response = credential.response as AuthenticatorAttestationResponse & AuthenticatorAssertionResponse;
  const part = (data: ArrayBuffer | null | undefined): string | undefined => (data ? textOf(data) : undefined);
  return {
    id: credential.id, rawId: textOf(credential.rawId), type: credential.type,
    response: {
      clientDataJSON: textOf(response.clientDataJSON),
      attestationObject: part(response.attestationObject), authenticatorData: part(response.authenticatorData), signature: part(response.signature), userHandle: part(response.userHandle),
      transports: response.getTransports?.(),
    },
    // What comes out of PRF opens the lock: it never leaves the device.
    clientExtensionResults: {},
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
  };
}

/** Asks the server, then the device, then tells the server. `declined` when the person closed the device's own question. */
async function withPasskey(where: string, ask: (publicKey: any) => Promise<Credential | null>, more: object = {}): Promise<Called<unknown>> {
  const asked = await call<Asked>(`${where}/begin`, {});
  if (!asked.ok) return asked;
  try {
    const credential = await ask(unpack(asked.value.options));
    if (credential) return await call(`${where}/finish`, { challenge: asked.value.challenge, credential: pack(credential as PublicKeyCredential), ...more });
  } catch {
    // Closed, or none that fits.
  }
  return { ok: false, status: 0, code: "declined", retryAfter: 0 };
}

/** Signs in with a passkey. */
export function passkeySignIn(): Promise<Called<unknown>> {
  return withPasskey("/auth/passkey", (publicKey) => navigator.credentials.get({ publicKey }));
}

/** Makes a passkey on this device for the person signed in. */
export function passkeyAdd(label: string): Promise<Called<unknown>> {
  return withPasskey("/auth/passkeys", (publicKey) => navigator.credentials.create({ publicKey }), { label });
}

/** Goes to the e-ID provider, which brings the person back to `next`. Returns only when that could not be begun. */
export async function eidSignIn(key: string, next: string, lang: string, join = false): Promise<Called<unknown>> {
  const started = await call<{ location: string }>(`/auth/oidc/${key}/start`, join ? { next, lang, join } : { next, lang });
  if (started.ok) location.assign(started.value.location);
  return started;
}

/** The same for somebody who is here by a code: their e-ID is joined to who they are here, unless they have shown it before. */
export async function eidProve(key: string, next: string, lang: string): Promise<Called<unknown>> {
  const joined = await eidSignIn(key, next, lang, true);
  return !joined.ok && joined.code === "assurance_required" ? eidSignIn(key, next, lang) : joined;
}

/** The devices this person is signed in on, the one seen last first. */
export async function devices(): Promise<readonly Device[] | null> {
  const found = await call<{ sessions: readonly Device[] }>("/auth/sessions");
  return found.ok ? found.value.sessions : null;
}

/** Ends a session; another device than this one erases everything it kept. */
export function endDevice(id: string): Promise<Called<unknown>> {
  return call(`/auth/sessions/${id}/end`, {});
}

/** The account's passkeys. */
export async function passkeys(): Promise<readonly Passkey[] | null> {
  const found = await call<{ passkeys: readonly Passkey[] }>("/auth/passkeys");
  return found.ok ? found.value.passkeys : null;
}

/** Forgets a passkey, as when a phone is lost. */
export function removePasskey(id: string): Promise<Called<unknown>> {
  return call(`/auth/passkeys/${id}/remove`, {});
}
