/** Icons are decoration: the words beside them carry the meaning, so they are hidden from readers. */
import { ICON_PATHS, type IconName } from "./icon-paths";

export type { IconName } from "./icon-paths";

/** Icons that point along the reading direction and turn in Arabic. */
const TURNING = new Set<IconName>(["back", "chevron", "leave", "undo"]);

/** One icon, 1.35 em; `large` is 28 px. */
export function Icon({ name, large = false }: { name: IconName; large?: boolean }) {
  const classes = `i${large ? " lg" : ""}${TURNING.has(name) ? " flip" : ""}${name === "more" ? " dots" : ""}`;
  return (
    <svg class={classes} viewBox="0 0 24 24" aria-hidden="true">
      <path d={ICON_PATHS[name]} />
    </svg>
  );
}

/** An icon on a soft tile, at the start of a row. */
export function IconTile({ name, tone, round = false }: { name: IconName; tone?: "mark" | "info" | "bad" | "grey" | "good"; round?: boolean }) {
  const tones = { mark: " mark-c", info: " info", bad: " bad", grey: " grey", good: " good" } as const;
  return <span class={`ic${tone ? tones[tone] : ""}${round ? " round" : ""}`}><Icon name={name} /></span>;
}

/** The cairn: Samled's own mark. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 48 48" aria-hidden="true">
      <rect width="48" height="48" rx="13" fill="#133f36" />
      <path d="M10.5 36.5c0-3 3.5-5 13.5-5s13.5 2 13.5 5-3 4-13.5 4-13.5-1-13.5-4z" fill="#fff" />
      <path d="M14.5 27c.2-3 3.5-4.3 10.3-4.3 6.5 0 9.7 1.5 9.7 4.3s-3.3 3.7-10 3.7-10.2-.9-10-3.7z" fill="#cfe4dc" />
      <path d="M18 18.2c0-2.5 2.3-3.9 6.3-3.9s6.2 1.4 6.2 3.8-2.3 3.4-6.3 3.4-6.2-.9-6.2-3.3z" fill="#fff" />
      <path d="M20.8 10.5c0-1.9 1.4-3 3.4-3s3.4 1.1 3.4 2.9-1.4 2.7-3.5 2.7-3.3-.8-3.3-2.6z" fill="#ff8a4c" />
    </svg>
  );
}
