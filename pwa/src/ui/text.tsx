/** Words with other words inside: names, numbers and times keep their own direction in every language. */
import { Fragment, type ComponentChildren } from "preact";
import { langOf, lookup } from "../i18n";

/** A translated text whose placeholders may hold elements. `<T msg={N_("Call {name}")} name={<Name>Maria</Name>} />` */
export function T({ msg, ...parts }: { msg: string; [part: string]: ComponentChildren }) {
  const pieces = lookup(msg).split(/\{([a-z][a-z0-9_]*)\}/);
  const shown = pieces.map((piece, index) => {
    if (index % 2 === 0) return piece;
    const part = parts[piece];
    const plain = typeof part === "string" || typeof part === "number";
    return <Fragment key={index}>{plain ? <bdi>{part}</bdi> : part}</Fragment>;
  });
  const lang = langOf(msg);
  return lang ? <span lang={lang} dir="ltr">{shown}</span> : <>{shown}</>;
}

/** A person's or a workplace's name, which is Swedish in every language. */
export function Name({ children }: { children: ComponentChildren }) {
  return <bdi>{children}</bdi>;
}

/** What always reads left to right: numbers, times, ranges. */
export function Ltr({ children }: { children: ComponentChildren }) {
  return <span class="ltr">{children}</span>;
}

/** A line whose ranges ("8–16", "10–12") are not torn where it breaks. */
export function whole(line: ComponentChildren): ComponentChildren {
  return typeof line === "string" ? line.split(/(\d[\d.:]*–\d[\d.:]*)/).map((piece, index) => (index % 2 ? <Ltr key={index}>{piece}</Ltr> : piece)) : line;
}

/** Swedish short numbers that are dialled as they stand. */
const SHORT = /^\d{3,6}$/;

/** What to dial, for `tel:`. Short numbers such as 112 and 90101 stay as they are. */
export function dial(number: string): string {
  const digits = number.replace(/[^\d+]/g, "");
  if (digits.startsWith("+") || SHORT.test(digits)) return digits;
  return digits.startsWith("00") ? `+${digits.slice(2)}` : digits.startsWith("0") ? `+46${digits.slice(1)}` : digits;
}

/** Area codes of one and two digits; all others have three. */
const AREA = /^0(?:8|1[013689]|2[0136]|3[1356]|4[0246]|54|6[03]|7\d|90)/;

/** How a Swedish number is written: "070-174 06 21" from "+46701740621"; anything unknown is shown as it is. */
export function phoneText(number: string): string {
  const digits = number.replace(/[^\d+]/g, "").replace(/^\+46/, "0");
  if (!digits.startsWith("0")) return number;
  const area = AREA.exec(digits)?.[0] ?? digits.slice(0, 4);
  const rest = digits.slice(area.length);
  const groups: Record<number, RegExp> = { 5: /(\d{3})(\d{2})/, 6: /(\d{2})(\d{2})(\d{2})/, 7: /(\d{3})(\d{2})(\d{2})/, 8: /(\d{3})(\d{3})(\d{2})/ };
  const pattern = groups[rest.length];
  return pattern ? `${area}-${rest.replace(pattern, (_, ...parts) => parts.slice(0, -2).join(" "))}` : number;
}

/** A phone number, written and isolated. */
export function Phone({ number }: { number: string }) {
  return <span class="ltr">{phoneText(number)}</span>;
}
