/** A card on paper, half a page wide, for those without a phone of their own: who to call, and when. */
import { t } from "../i18n";
import { Button } from "./actions";
import { phoneText } from "./text";

export interface PrintCardProps {
  relation: string;
  name: string;
  role: string;
  phone: string;
  hours?: string;
  deputy?: { name: string; phone: string };
}

/** What is printed; only this is when the page holds one. */
export function PrintCard({ relation, name, role, phone, hours, deputy }: PrintCardProps) {
  return (
    <section class="card print-card">
      <div class="stack-2"><p class="kicker">{relation}</p><p class="h1 bold"><bdi>{name}</bdi></p><p>{role}</p></div>
      <p class="h1 bold"><span class="ltr">{phoneText(phone)}</span></p>
      {hours && <p>{hours}</p>}
      {deputy && <p>{t("If you get no answer: {name}", { name: deputy.name })}, <span class="ltr">{phoneText(deputy.phone)}</span></p>}
      <p class="sm">{t("In danger: call 112. Advice about care: call 1177.")}</p>
      <div class="no-print"><Button icon="print" onPress={() => window.print()}>{t("Print")}</Button></div>
    </section>
  );
}
