/**
 * Keys of the copy on this device. A family's key is non-extractable and lies open in the browser's key store; with a
 * lock, the key exists only wrapped by what the person knows (PIN) or holds (passkey).
 */
import type { Secret } from "../state/api";

/** OWASP's figure for PBKDF2 with SHA-256. */
export const ITERATIONS = 600_000;
/** Wrong PINs before the copy is erased: a PIN is short. */
export const MAX_TRIES = 10;

type Bytes = Uint8Array<ArrayBuffer>;

export type KeyRecord =
  | { kind: "open"; key: CryptoKey }
  | { kind: "pin" | "prf"; salt: Bytes; iterations: number; iv: Bytes; wrapped: ArrayBuffer; tries: number };

export type LockedRecord = Exclude<KeyRecord, { kind: "open" }>;

function random(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

async function wrappingKey(secret: Secret, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const aes = { name: "AES-GCM", length: 256 };
  if (typeof secret === "string") {
    const base = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, ["deriveKey"]);
    return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, base, aes, false, ["encrypt", "decrypt"]);
  }
  const base = await crypto.subtle.importKey("raw", secret.prf, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("samled replica");
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt, info }, base, aes, false, ["encrypt", "decrypt"]);
}

function dataKey(raw: Bytes): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** A new key and what to store of it. Null secret: stored open. */
export async function createKey(secret: Secret | null, iterations = ITERATIONS): Promise<{ key: CryptoKey; record: KeyRecord }> {
  if (secret === null) {
    const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    return { key, record: { kind: "open", key } };
  }
  const raw = random(32);
  const salt = random(16);
  const iv = random(12);
  const wrapped = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await wrappingKey(secret, salt, iterations), raw);
  const key = await dataKey(raw);
  raw.fill(0);
  return { key, record: { kind: typeof secret === "string" ? "pin" : "prf", salt, iterations, iv, wrapped, tries: 0 } };
}

/** The key, or null when the secret is wrong. */
export async function unwrapKey(record: LockedRecord, secret: Secret): Promise<CryptoKey | null> {
  const kek = await wrappingKey(secret, record.salt, record.iterations);
  try {
    const raw = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: record.iv }, kek, record.wrapped));
    const key = await dataKey(raw);
    raw.fill(0);
    return key;
  } catch {
    return null;
  }
}
