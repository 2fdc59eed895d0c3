/** The landscape behind sign-in and the young person's home: decoration, in the colours of the theme. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

/** Hills, a path and a cairn. */
export function Landscape() {
  const sky = useId();
  return (
    <svg class="land" viewBox="0 0 390 200" preserveAspectRatio="xMidYMax slice" aria-hidden="true">
      <defs>
        <linearGradient id={sky} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stop-color="var(--sky-1)" />
          <stop offset="1" stop-color="var(--sky-2)" />
        </linearGradient>
      </defs>
      <rect width="390" height="200" fill={`url(#${sky})`} />
      <circle cx="112" cy="78" r="26" fill="var(--sun)" />
      <path d="M0 112c38-20 66-34 96-28 34 7 46-26 86-26 36 0 52 30 88 28 40-2 66-26 120-10v124H0z" fill="var(--land-1)" />
      <path d="M0 142c44-26 84-18 122-26 46-10 74-30 122-14 50 16 92 2 146 8v90H0z" fill="var(--land-2)" />
      <path d="M0 150c50 0 88 16 140 8 60-9 100-34 160-22 36 7 60 8 90 2v62H0z" fill="var(--land-3)" />
      <path d="M0 178c60-14 110-10 170-6 84 6 140-8 220-4v32H0z" fill="var(--land-4)" />
      <path
        d="M164 200c6-10 30-14 44-19 18-6 8-12-4-15-16-4-28-7-22-14 5-6 24-8 34-12 8-3 6-7 0-10"
        fill="none" stroke="var(--path)" stroke-width="3.2" stroke-linecap="round" stroke-dasharray="1 7.5"
      />
      <g transform="translate(14 -30)">
        <path d="M282 176c0-4 6-6 19-6s19 2 19 6-5 5-19 5-19-1-19-5z" fill="var(--stone-3)" />
        <path d="M287 164c0-4 5-6 14.5-6s13.5 2 13.5 6-4 5.5-14 5.5-14-1.5-14-5.5z" fill="var(--stone-2)" />
        <path d="M291 153c0-3.5 4-5.5 10-5.5s9.5 2 9.5 5.5-4 5-10 5-9.5-1.5-9.5-5z" fill="var(--stone-1)" />
        <path d="M295.5 143c0-3 2.5-4.6 5.5-4.6s5.3 1.6 5.3 4.5-2.3 4.2-5.5 4.2-5.3-1.2-5.3-4.1z" fill="#f0793a" />
      </g>
    </svg>
  );
}

/** The landscape with something over its sky (a top bar). The page's `main` takes `lift`. */
export function Scene({ children }: { children?: ComponentChildren }) {
  return (
    <div class="scene">
      <Landscape />
      <div class="over">{children}</div>
    </div>
  );
}
