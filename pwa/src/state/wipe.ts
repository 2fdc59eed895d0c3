/** Erasing what this device keeps: databases, cached answers, shown notices, the push subscription. */
import { Replica } from "../sync/replica";
import { allSeats, closeSeats, removeSeat, storeName } from "./seats";

const PATIENCE_MS = 2_000;

/** Some browser calls never answer; erasing goes on without them. */
function soon(work: Promise<unknown>): Promise<void> {
  return Promise.race([work.then(() => undefined, () => undefined), new Promise<void>((resolve) => setTimeout(resolve, PATIENCE_MS))]);
}

async function quietNotices(): Promise<void> {
  const registration = await globalThis.navigator?.serviceWorker?.getRegistration?.();
  for (const notice of (await registration?.getNotifications?.()) ?? []) notice.close();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
  const kept = await globalThis.caches?.open("samled-shell-kept");
  for (const request of (await kept?.keys()) ?? []) if (/\/kept\/(arrived$|untold\/)/.test(request.url)) await kept?.delete(request);
}

/** The app's own files stay, so that crisis help opens without a connection; everything else cached goes. */
async function dropCaches(): Promise<void> {
  if (typeof caches === "undefined") return;
  const names = await caches.keys();
  await Promise.all(names.filter((name) => !/shell/.test(name)).map((name) => caches.delete(name)));
}

/**
 * Erases the seat given and, of other seats' copies, the documents; with `everything`, those whole.
 * What someone wrote in another seat and has not sent is theirs to decide about, not this sign-out's.
 */
export async function wipeDevice(seat: string | null, everything: boolean): Promise<void> {
  closeSeats();
  if (typeof indexedDB !== "undefined") {
    for (const known of allSeats()) {
      const name = storeName(known);
      if (everything || known.seat === seat) {
        await soon(Replica.remove(name));
        removeSeat(known.seat);
      } else {
        await soon(Replica.open(name).then(async (replica) => { await replica.erase("documents"); replica.close(); }));
      }
    }
  }
  await Promise.all([soon(dropCaches()), soon(quietNotices())]);
}

/** Erases copies of seats that this person has no longer: a post may end while another seat is open on the device. */
export async function wipeEnded({ account, seats }: { account: string; seats: readonly { id: string }[] }): Promise<void> {
  if (typeof indexedDB === "undefined") return;
  for (const known of allSeats())
    if (known.account === account && !seats.some((one) => one.id === known.seat)) {
      await soon(Replica.remove(storeName(known)));
      removeSeat(known.seat);
    }
}
