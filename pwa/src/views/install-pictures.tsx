/** Drawings of a phone for the guide: where to press. Without words, so that they serve every language. */
import type { ComponentChildren } from "preact";
import { ICON_PATHS } from "../ui/icon-paths";

/** A phone's outline around what is on its screen, 200 by 132. */
function Phone({ children }: { children: ComponentChildren }) {
  return (
    <svg class="pic" viewBox="0 0 200 132" aria-hidden="true">
      <rect width="200" height="132" rx="18" fill="var(--sunken)" />
      {children}
    </svg>
  );
}

/** The lower part of a phone that stands on the picture's edge. */
function Lower({ children }: { children?: ComponentChildren }) {
  return (
    <>
      <path d="M34 0v100a20 20 0 0 0 20 20h92a20 20 0 0 0 20-20V0" fill="var(--surface)" stroke="var(--ink)" stroke-width="3" />
      {children}
    </>
  );
}

function Glyph({ name, x, y, size = 22, colour = "var(--ink)" }: { name: keyof typeof ICON_PATHS; x: number; y: number; size?: number; colour?: string }) {
  return <path d={ICON_PATHS[name]} transform={`translate(${x - size / 2} ${y - size / 2}) scale(${size / 24})`} fill="none" stroke={colour} stroke-width="2" stroke-linecap="round" stroke-linejoin="round" />;
}

/** A ring around what is to be pressed. */
function Ring({ x, y, r = 19 }: { x: number; y: number; r?: number }) {
  return <circle cx={x} cy={y} r={r} fill="none" stroke="var(--mark)" stroke-width="3.5" />;
}

function Lines({ x, y, widths }: { x: number; y: number; widths: readonly number[] }) {
  return <>{widths.map((width, index) => <rect key={index} x={x} y={y + index * 14} width={width} height="7" rx="3.5" fill="var(--control)" opacity=".45" />)}</>;
}

/** The mark of the app, as its icon. */
function AppIcon({ x, y }: { x: number; y: number }) {
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect width="34" height="34" rx="9" fill="#174a3f" />
      <ellipse cx="17" cy="25" rx="9.5" ry="2.8" fill="#fff" />
      <ellipse cx="17" cy="19.2" rx="7" ry="2.5" fill="#cfe3dc" />
      <ellipse cx="17" cy="13.8" rx="4.6" ry="2.2" fill="#fff" />
      <ellipse cx="17" cy="9" rx="2.6" ry="1.9" fill="#f0793a" />
    </g>
  );
}

/** The browser's own bar with the sign for sharing; at the bottom of a phone, or on top. */
export function SharePicture({ top }: { top: boolean }) {
  return (
    <Phone>
      {top ? (
        <>
          <path d="M34 132V32a20 20 0 0 1 20-20h92a20 20 0 0 1 20 20v100" fill="var(--surface)" stroke="var(--ink)" stroke-width="3" />
          <rect x="48" y="32" width="72" height="18" rx="9" fill="var(--sunken)" />
          <Lines x={48} y={74} widths={[104, 88, 60]} />
          <Glyph name="share" x={143} y={40} /><Ring x={143} y={41} />
        </>
      ) : (
        <Lower>
          <Lines x={52} y={16} widths={[96, 80, 52]} />
          <path d="M36 72h128" stroke="var(--line)" stroke-width="2" />
          <Glyph name="back" x={56} y={96} colour="var(--control)" /><Glyph name="note" x={144} y={96} colour="var(--control)" />
          <Glyph name="share" x={100} y={95} /><Ring x={100} y={96} />
        </Lower>
      )}
    </Phone>
  );
}

/** The list that comes up, with the row for the home screen. */
export function AddPicture() {
  return (
    <Phone>
      <Lower>
        <rect x="48" y="10" width="104" height="26" rx="8" fill="var(--sunken)" /><Lines x={56} y={19} widths={[48]} />
        <rect x="48" y="42" width="104" height="30" rx="8" fill="var(--brand-soft)" stroke="var(--mark)" stroke-width="3.5" />
        <Lines x={56} y={54} widths={[56]} /><Glyph name="add-home" x={138} y={57} />
        <rect x="48" y="78" width="104" height="26" rx="8" fill="var(--sunken)" /><Lines x={56} y={87} widths={[40]} />
      </Lower>
    </Phone>
  );
}

/** The home screen with Samled among the others. */
export function HomePicture() {
  const others = [[54, 8], [94, 8], [134, 8], [54, 52], [134, 52]] as const;
  return (
    <Phone>
      <Lower>
        {others.map(([x, y]) => <rect key={`${x} ${y}`} x={x - 6} y={y} width="30" height="30" rx="8" fill="var(--sunken)" />)}
        <AppIcon x={83} y={50} /><Ring x={100} y={67} r={26} />
      </Lower>
    </Phone>
  );
}

/** The browser's menu, behind three dots. */
export function MenuPicture() {
  return (
    <Phone>
      <path d="M34 132V32a20 20 0 0 1 20-20h92a20 20 0 0 1 20 20v100" fill="var(--surface)" stroke="var(--ink)" stroke-width="3" />
      <rect x="48" y="32" width="72" height="18" rx="9" fill="var(--sunken)" />
      <Lines x={48} y={74} widths={[104, 88, 60]} />
      <g fill="var(--ink)"><circle cx="143" cy="34" r="2.4" /><circle cx="143" cy="41" r="2.4" /><circle cx="143" cy="48" r="2.4" /></g>
      <Ring x={143} y={41} />
    </Phone>
  );
}
