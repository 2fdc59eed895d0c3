/** What a page is called in the bar and the rail, where a link leads back to it. */
import { useContext } from "preact/hooks";
import { t } from "../i18n";
import { ChromeContext } from "../ui";

/** "I dag" to professionals and "Hem" to a family; a page that stands in neither is only gone back to. */
export function usePlaceWords(path: string): string {
  const tab = useContext(ChromeContext).tabs.find((one) => one.path === path);
  return (tab?.long ?? tab?.label)?.() ?? (path === "/" ? t("Home") : t("Back"));
}
