/** The few requests beside the sync protocol. */
import type { Contract } from "../sync/contract";
import type { Me } from "./api";

const PATIENCE_MS = 10_000;

function request(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(path, { credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS), ...init });
}

/** The contract this app was built with; null when it is neither cached nor reachable. */
export async function getContract(): Promise<Contract | null> {
  try {
    const response = await request("/contract.json");
    return response.ok ? ((await response.json()) as Contract) : null;
  } catch {
    return null;
  }
}

export async function getMe(): Promise<Me | "nobody"> {
  const response = await request("/auth/me?quiet=true", { cache: "no-store" });
  if (response.status === 401 || response.status === 204) return "nobody";
  if (!response.ok) throw new Error(String(response.status));
  const me = (await response.json()) as Me;
  return { ...me, seats: (me.seats ?? []).map((seat) => ({ ...seat, label: seat.label ?? "" })) };
}

/** The answer, or `unreachable`: no network and a failing server look the same to the person. */
export async function ask<T>(work: () => Promise<T>): Promise<T | "unreachable"> {
  try { return await work(); } catch { return "unreachable"; }
}

/** True when the session has ended on the server, now or before. */
export async function signOutOnServer(): Promise<boolean> {
  try {
    const response = await request("/auth/sign-out", { method: "POST" });
    return response.ok || response.status === 401;
  } catch {
    return false;
  }
}
