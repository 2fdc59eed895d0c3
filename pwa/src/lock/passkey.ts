/** A secret out of a passkey (WebAuthn PRF): the same 32 bytes every time, and only with the person's finger or face. */

const SALT = new TextEncoder().encode("samled lock v1");
const TIMEOUT_MS = 60_000;

/** True when this browser can ask for it at all; the passkey itself may still not be able to. */
export function canUsePasskey(): boolean {
  return typeof PublicKeyCredential !== "undefined" && !!navigator.credentials?.get;
}

/** The secret for `unlock` and `setPin`, or null when the person declined or the passkey cannot. Works offline. */
export async function askPasskey(): Promise<{ prf: ArrayBuffer } | null> {
  if (!canUsePasskey()) return null;
  try {
    const credential = await navigator.credentials.get({
      publicKey: {
        challenge: crypto.getRandomValues(new Uint8Array(32)),
        userVerification: "required",
        timeout: TIMEOUT_MS,
        extensions: { prf: { eval: { first: SALT } } },
      },
    });
    const first = (credential as PublicKeyCredential | null)?.getClientExtensionResults().prf?.results?.first;
    if (!first) return null;
    return { prf: first instanceof ArrayBuffer ? first : new Uint8Array(first.buffer as ArrayBuffer, first.byteOffset, first.byteLength).slice().buffer };
  } catch {
    return null;
  }
}
