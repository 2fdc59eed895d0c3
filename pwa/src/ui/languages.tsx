/** The language switch: each language in its own name and writing. */
import { useState } from "preact/hooks";
import { LANGUAGES, chosenHere, lang, suggestedLanguage, t, useLanguage } from "../i18n";
import { Button } from "./actions";
import { Icon } from "./icons";
import { Sheet } from "./sheet";
import { Notice } from "./status";

/** All languages as large buttons. `onChosen` runs after the new language is shown. */
export function LanguageList({ onChosen }: { onChosen?: () => void }) {
  const [failed, setFailed] = useState(false);
  const choose = async (next: string): Promise<void> => {
    const shown = await useLanguage(next);
    setFailed(!shown);
    if (!shown) return;
    chosenHere.value = true;
    onChosen?.();
  };
  return (
    <div class="langs">
      {failed && <Notice tone="warn" icon="offline" alert title={t("The language could not be fetched. Try again when you are online.")} />}
      {LANGUAGES.map((language) => (
        <button
          key={language.lang} type="button" class="choice" lang={language.lang} dir={language.dir}
          aria-current={language.lang === lang.value ? "true" : undefined} onClick={() => void choose(language.lang)}
        >
          <span class="txt"><b>{language.name}</b></span>
          {language.lang === lang.value && <Icon name="check" />}
        </button>
      ))}
    </div>
  );
}

/** The pill that names the language shown, and the sheet behind it. */
export function LanguageSwitch() {
  const [open, setOpen] = useState(false);
  const name = LANGUAGES.find((language) => language.lang === lang.value)?.name ?? "Svenska";
  return (
    <>
      <button type="button" class="pill" aria-haspopup="dialog" onClick={() => setOpen(true)}><Icon name="globe" /> {name}</button>
      <Sheet open={open} onClose={() => setOpen(false)} title={t("Choose language")}>
        <LanguageList onChosen={() => setOpen(false)} />
      </Sheet>
    </>
  );
}

/** Offers the language the phone is set to, in that language's own name; nothing when it is shown already. */
export function LanguageOffer() {
  const offered = suggestedLanguage();
  if (!offered || offered.lang === "en") return null;
  return <Button block icon="globe" onPress={() => { chosenHere.value = true; return useLanguage(offered.lang); }}><span lang={offered.lang} dir={offered.dir}>{offered.name}</span></Button>;
}
